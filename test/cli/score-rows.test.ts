import { describe, expect, it } from 'vitest';
import { readScoreRows } from '../../src/cli/score-rows.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import type { TextRow } from '../../src/dataset/text-row.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

async function read(rows: readonly object[], nDims?: number) {
  const path = await folder.write('in.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const problems = new RowProblems(false);
  const kept: TextRow[] = [];
  const options = { problems, ...(nDims !== undefined && { nDims }) };
  for await (const row of readScoreRows(path, options)) kept.push(row);
  return { kept, messages: problems.first.map(({ message }) => message.replace(`${path}:`, '')) };
}

describe('readScoreRows', () => {
  it('gives texts and vectors to a student that reads vectors, whichever a row has', async () => {
    const { kept, messages } = await read(
      [
        { id: 1, text: 'a', embedding: [1, 2] },
        { id: 2, embedding: [0, 0.5] },
        { id: 3, text: 'c' },
        { id: 4 },
      ],
      2,
    );
    expect(kept).toEqual([
      { id: '1', text: 'a', embedding: Float32Array.of(1, 2) },
      { id: '2', text: '', embedding: Float32Array.of(0, 0.5) },
      { id: '3', text: 'c' },
    ]);
    expect(messages).toEqual(['4: "text" should be a text, found nothing']);
  });

  it('counts a vector of another length than the student reads, and one that is broken', async () => {
    const { kept, messages } = await read(
      [
        { id: 1, embedding: [1, 2, 3] },
        { id: 2, text: 'b', embedding: ['x'] },
      ],
      2,
    );
    expect(kept).toEqual([]);
    expect(messages).toEqual([
      '1: "embedding" has 3 numbers, the student reads 2',
      '2: "embedding"[0] should be a number, found "x"',
    ]);
  });

  it('passes over the vectors of rows for a student that reads texts alone', async () => {
    const { kept, messages } = await read([
      { id: 1, text: 'a', embedding: ['x'] },
      { id: 2, embedding: [1] },
    ]);
    expect(kept).toEqual([{ id: '1', text: 'a' }]);
    expect(messages).toEqual(['2: "text" should be a text, found nothing']);
  });
});
