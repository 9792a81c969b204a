import type { TagLabels } from '../src/dataset/labelled-items.js';
import type { Vocabulary } from '../src/tags/vocabulary.js';

/**
 * List what the teacher named for an item, as columns of the vocabulary.
 *
 * A tag outside the vocabulary is a label that no column can meet: it gets a negative number of its own, so that it
 * stays in the ideal of a metric.
 */
export function truthOf({ rows }: TagLabels, { columnOf }: Vocabulary, item: number): Set<number> {
  const truth = new Set<number>();
  for (let i = rows.offsets[item]!; i < rows.offsets[item + 1]!; i++) {
    const raw = rows.indices[i]!;
    truth.add(columnOf[raw]! >= 0 ? columnOf[raw]! : -1 - raw);
  }
  return truth;
}
