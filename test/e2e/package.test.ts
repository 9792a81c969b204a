import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { trainItem2Tag } from '../../student/index.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';

const run = promisify(execFile);
const needsRegistry = 'installs the packed package from the npm registry; set TAGDISTILL_NO_SKIP=1 to run it';
const isOn = process.env['TAGDISTILL_NO_SKIP'] === '1';
if (!isOn) console.warn(`skipped test/e2e/package.test.ts: ${needsRegistry}`);

let dir: string;
let app: string;
beforeAll(async () => {
  if (!isOn) return;
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-package-'));
  app = join(dir, 'app');
  await run('npm', ['pack', '--pack-destination', dir], { cwd: packagePath() });
  const [tarball] = (await readdir(dir)).filter((name) => name.endsWith('.tgz'));
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}\n');
  await run(
    'npm',
    ['install', join(dir, tarball!), '--onnxruntime-node-install=skip', '--no-audit', '--no-fund'],
    { cwd: app },
  );
  await writeSmallDataset(join(dir, 'data'));
  await trainItem2Tag({
    dataset: join(dir, 'data'),
    out: join(app, 'exports', 'small'),
    ...TINY,
  });
});
afterAll(async () => {
  if (isOn) await rm(dir, { recursive: true, force: true });
});

describe.skipIf(!isOn)('the packed package in an empty app', () => {
  it('scores through tagdistill/runtime', async () => {
    await writeFile(
      join(app, 'score.js'),
      `import { Scorer } from 'tagdistill/runtime';
const scorer = await Scorer.load('exports/small');
const [best] = await scorer.score('grape harvest and wine in a tuscany cellar', { topK: 10, space: 'item' });
console.log(JSON.stringify(best));
await scorer.close();
`,
    );
    const { stdout } = await run(process.execPath, ['score.js'], { cwd: app });
    expect(JSON.parse(stdout)).toMatchObject({ tag: 'vineyard', score: expect.any(Number) });
  });

  it('has one onnxruntime-node in its tree, without the GPU libraries', async () => {
    const { stdout } = await run('npm', ['ls', 'onnxruntime-node', '--all', '--parseable'], { cwd: app });
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const files = await readdir(join(app, 'node_modules', 'onnxruntime-node', 'bin'), { recursive: true });
    expect(files.some((file) => /cuda|tensorrt/i.test(file))).toBe(false);
  });

  it('brings the command line, the shipped data set and the prompts', async () => {
    const { stdout } = await run(
      'npx',
      ['tagdistill', 'inspect', 'node_modules/tagdistill/datasets/books', '--json'],
      {
        cwd: app,
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'dataset', nItems: 2165 });
    await writeFile(
      join(app, 'prompt.js'),
      `import { loadPrompt } from 'tagdistill/teacher'; console.log(loadPrompt('item2tag.v1').hash);\n`,
    );
    const prompt = await run(process.execPath, ['prompt.js'], { cwd: app });
    expect(prompt.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('gives types to a strict TypeScript program', async () => {
    await writeFile(
      join(app, 'types.ts'),
      `import { Scorer, type TagScore } from 'tagdistill/runtime';
const scorer: Scorer = await Scorer.load('exports/small');
const list: readonly TagScore[] = await scorer.score('x', { space: 'user' });
const both = await scorer.score(['x', 'y']);
console.log(list[0]?.tag, both[0]?.item?.[0]?.score);
`,
    );
    const tsc = packagePath('node_modules', 'typescript', 'bin', 'tsc');
    const flags = '--noEmit --strict --module nodenext --target es2022 --lib es2022,dom types.ts'.split(' ');
    const { stdout } = await run(process.execPath, [tsc, ...flags], { cwd: app }).catch((error: unknown) => {
      return error as { stdout: string };
    });
    expect(stdout).toBe('');
  });
});
