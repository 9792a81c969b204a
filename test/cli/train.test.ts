import { copyFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/bundle/read-bundle.js';
import { isThere } from '../../src/core/is-there.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag } from '../../student/index.js';
import { bundleHashes } from '../support/bundle-hashes.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) =>
  runCli(['train', 'data', '--out', 'student', ...args], { cwd: folder.path('.') });
const SMALL = ['--encoder', 'none', '--threads', '1', '--dims', '8', '--epochs', '6'];

beforeAll(() => writeSmallDataset(folder.path('data')));

describe('tagdistill train', () => {
  it('goes on from the checkpoint of a stopped run, or starts anew with --no-resume', async () => {
    const paths = { dataset: folder.path('data'), out: folder.path('student') };
    const checkpoint = `${paths.out}.checkpoint`;
    const settings = { epochs: 6, nDims: 8, nHidden: 4, loss: 'bce' } as const;
    const stop = new AbortController();
    const stopped = trainItem2Tag({
      ...paths,
      ...{ encoder: 'none', threads: 1, settings, precision: 'float32', seed: 3, refit: false },
      checkpointSeconds: 0,
      onProgress: ({ figures }) => {
        if (figures?.['epoch'] === 3) stop.abort();
      },
      signal: stop.signal,
    });
    await expect(stopped).rejects.toMatchObject({ code: 'E_ABORTED' });
    await copyFile(checkpoint, folder.path('kept'));

    const args = [
      ...SMALL,
      '--hidden',
      '4',
      '--loss',
      'bce',
      '--float32',
      '--seed',
      '3',
      '--no-refit',
      '--json',
    ];
    const resumed = await cli(...args);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ isResumed: true, precision: 'float32', settings });
    const hashes = await bundleHashes(paths.out);

    await copyFile(folder.path('kept'), checkpoint);
    const anew = await cli(...args, '--no-resume');
    expect(JSON.parse(anew.stdout)).toMatchObject({ isResumed: false, quantisation: {} });
    expect(await bundleHashes(paths.out)).toEqual(hashes);
    expect(await isThere(checkpoint)).toBe(false);

    const { encoder, model, training } = await readManifest(paths.out);
    expect(Object.keys(encoder)).toEqual(['bag']);
    expect(model).toMatchObject({ precision: 'float32', isDistribution: false });
    expect(training).toMatchObject({ ...settings, seed: 3, refit: false });
    const scorer = await Scorer.load(paths.out);
    expect(await scorer.score('sonar and torpedo', { topK: 1, space: 'item' })).toHaveLength(1);
    await scorer.close();
  });

  it.each<[string, string[], string, string]>([
    ['an encoder folder that is none', ['--encoder', 'data'], 'E_FILE_MISSING', 'data/encoder.json'],
    ['a hub model that is no folder', ['--hub', './gone'], 'E_FILE_MISSING', 'gone'],
  ])('names what it cannot read: %s', async (_, args, code, file) => {
    const { code: exitCode, stdout, stderr } = await cli(...SMALL, ...args, '--json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const { error } = JSON.parse(stderr) as { error: Record<string, string> };
    expect(error).toMatchObject({ code, hint: expect.any(String) });
    expect(error['file']).toMatch(new RegExp(`${file}$`));
  });

  it.each<[string, string[], RegExp]>([
    ['--loss', ['--loss', 'best'], /softmax, decoupled, bce/],
    ['--max-quality-loss', ['--max-quality-loss', '-1'], /max-quality-loss/],
    ['--hidden', ['--hidden', '1.5'], /hidden/],
  ])('refuses a value that is none for %s', async (_, args, message) => {
    const { code, stderr } = await cli(...SMALL, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
