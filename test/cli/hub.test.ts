import { rename } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainItem2Tag } from '../../student/index.js';
import { TINY_AND_SHORT } from '../support/small-student.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });

beforeAll(async () => {
  const dataset = folder.path('data');
  await writeSmallDataset(dataset);
  await writeTinyEncoder(folder.path('before'));
  await writeTinyEncoder(folder.path('other'), { seed: 2 });
  const hubEncoder = folder.path('before');
  await trainItem2Tag({ dataset, out: folder.path('student'), hubEncoder, ...TINY_AND_SHORT });
  await rename(hubEncoder, folder.path('moved'));
});

const COMMANDS = [
  ['score', 'student', '--text', 'wine'],
  ['rank', 'student', 'wine', '--tags', 'vineyard,wine'],
  ['evaluate', 'student', '--labels', 'data'],
];

describe.each(COMMANDS)('%s, with a student that reads a sentence encoder', (...command) => {
  it('finds the encoder where --hub says', async () => {
    expect(await cli(...command, '--hub', './moved')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [[], 'E_FILE_MISSING'],
    [['--hub', './other'], 'E_BUNDLE_CHECKSUM'],
  ])('refuses a missing encoder, or another one: %j', async (more, code) => {
    const { stdout, stderr } = await cli(...command, ...more, '--json');
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });
});
