import { beforeAll, describe, expect, it } from 'vitest';
import { importLabels } from '../../src/dataset/import-labels.js';
import { normaliseTag } from '../../src/tags/normalise.js';
import { trainItem2Tag } from '../../student/index.js';
import { TINY, trainSmallStudent } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (args: readonly string[], input?: string) =>
  runCli(args, { cwd: folder.path('.'), ...(input !== undefined && { input }) });

const TAGS = ['red', 'green', 'blue'];
/** Items that only their vectors tell apart. */
const labels = Array.from({ length: 90 }, (_, i) => ({
  id: `${i}`,
  text: 'one text for all',
  embedding: TAGS.map((_, j) => (j === i % 3 ? 5 : 0)),
  tags: [TAGS[i % 3]],
  split: i % 10 === 9 ? 'test' : i % 10 === 8 ? 'validation' : 'train',
}));
const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

beforeAll(async () => {
  const path = await folder.write('labels.jsonl', jsonl(labels));
  const dataset = folder.path('data');
  await importLabels({ labels: path, out: dataset, normalise: normaliseTag });
  await trainItem2Tag({ dataset, out: folder.path('student'), ...TINY });
  await trainSmallStudent(folder.path('texts'), folder.path('text-student'));
});

const precisionAt1 = (report: string): unknown => {
  const { spaces } = JSON.parse(report) as { spaces: { item: { means: Record<string, number> } } };
  return spaces.item.means['P@1'];
};

describe('given vectors', () => {
  it('are read by score, with a text or without one', async () => {
    const rows = [
      { id: 'a', embedding: [0, 9, 0] },
      { id: 'b', text: 'one text for all', embedding: [0, 0, 0.1] },
      { id: 'c', embedding: [1, 2] },
      { id: 'd' },
    ];
    const { code, stdout, stderr } = await cli(
      ['score', 'student', '--items', '-', '--top-k', '1'],
      jsonl(rows),
    );
    expect(code).toBe(0);
    const named = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { item_tags: { tag: string }[] }).item_tags[0]!.tag);
    expect(named).toEqual(['green', 'blue']);
    expect(stderr).toContain('"embedding" has 2 numbers, the student reads 3');
    expect(stderr).toContain('2 rows were left out');
  });

  it('are read by evaluate, from a labels file as from a data set folder', async () => {
    for (const path of ['labels.jsonl', 'data']) {
      const { stdout } = await cli(['evaluate', 'student', '--labels', path, '--json']);
      expect(precisionAt1(stdout)).toBe(1);
    }
  });

  it('are passed over by evaluate for a student that reads none', async () => {
    const { code, stdout } = await cli(['evaluate', 'text-student', '--labels', 'labels.jsonl', '--json']);
    expect(code).toBe(0);
    expect(precisionAt1(stdout)).toBe(0);
  });

  it('of another length than the student reads end an evaluation, and the item is named', async () => {
    await folder.write('short.jsonl', jsonl(labels.map((row) => ({ ...row, embedding: [1, 2] }))));
    const { code, stderr } = await cli(['evaluate', 'student', '--labels', 'short.jsonl', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'E_BAD_INPUT',
        message: 'the embedding of item "0" has 2 numbers, the student reads 3',
        hint: expect.any(String),
      },
    });
  });

  it('stand in what inspect tells of a student, beside precision, calibration and the cost of int8', async () => {
    const { stdout } = await cli(['inspect', 'student']);
    expect(stdout).toContain('given vectors of 3 numbers');
    expect(stdout).toContain('parameters as int8');
    expect(stdout).toMatch(/^item +3 +logistic +0\.\d{4} +0\.\d{4} +\S+ -?\d+\.\d\d \[/m);
    const { stdout: json } = await cli(['inspect', 'student', '--json']);
    expect(JSON.parse(json)).toMatchObject({ calibration: { item: { stages: ['logistic'], nItems: 9 } } });
  });
});
