import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder } from '../../../src/core/sparse.js';
import type { LabelledItems } from '../../../src/dataset/labelled-items.js';
import { buildVocabulary } from '../../../src/tags/vocabulary.js';
import { calibrateStudent } from '../../../student/calibrate/calibrate-student.js';

/** Four items: two with the tag `a`, one with `b`, one with none. */
function fourItems(): LabelledItems {
  const builder = new SparseRowsBuilder();
  for (const tags of [[0], [0], [1], []]) {
    for (const tag of tags) builder.push(tag, NaN);
    builder.endRow();
  }
  return {
    ids: ['1', '2', '3', '4'],
    texts: ['', '', '', ''],
    groups: [null, 'g', 'g', null],
    splits: ['validation', 'validation', 'validation', 'validation'],
    labels: { item: { tags: ['a', 'b'], rows: builder.finish(2) } },
  };
}

const items = fourItems();
const { tags, rows } = items.labels.item!;
const vocabularies = { item: buildVocabulary(tags, rows, { kind: 'raw' }) };
const top = (n: number) => ({
  item: {
    k: 2,
    logits: Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    columns: Int32Array.from({ length: 2 * n }, (_, i) => i % 2),
  },
});

describe('calibrateStudent', () => {
  it('fits on the items that have a tag in the space', () => {
    const { item, user } = calibrateStudent(items, [0, 1, 2, 3], vocabularies, top(4));
    expect(item!.report).toMatchObject({ nItems: 3, k: 2, eceK: 2, stages: ['logistic'] });
    expect(user).toBeUndefined();
  });

  it('takes logits as log-odds where no held-out item has a tag', () => {
    const { item } = calibrateStudent(items, [3], vocabularies, top(1));
    expect(item).toEqual({ scale: 1, shift: 0, knots: [], tagShifts: {}, report: null });
  });
});
