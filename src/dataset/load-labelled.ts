import { TagdistillError } from '../core/errors.js';
import { SparseRowsBuilder } from '../core/sparse.js';
import { SPACES, type Space } from '../core/space.js';
import { readArrowRows } from './arrow-reader.js';
import { tablePath } from './files.js';
import type { LabelledItems, TagLabels } from './labelled-items.js';
import { SPLITS, type Split } from './rows.js';
import { VectorRows } from './vector-rows.js';

export interface LoadLabelledOptions {
  /** Only items of these parts. Default: all. */
  readonly splits?: readonly Split[];
  readonly signal?: AbortSignal;
}

/**
 * Load items and their tags from a data set folder into memory, in the order of `items.arrow`.
 *
 * An item without tags stays, with empty rows; one without a vector, where others have one, with zeros.
 *
 * @throws TagdistillError `E_FILE_MISSING` and others of {@link readArrowRows}; `E_BAD_ROW` for a tag of an unknown
 *   item, a split or space that is none, or a vector of another length or with a number that is not finite;
 *   `E_ABORTED`
 */
export async function loadLabelled(
  dir: string,
  { splits = SPLITS, signal }: LoadLabelledOptions = {},
): Promise<LabelledItems> {
  const ids: string[] = [];
  const texts: string[] = [];
  const groups: (string | null)[] = [];
  const kept: Split[] = [];
  const placeOf = new Map<string, number>(); // -1 for an item of another part
  const itemsPath = tablePath(dir, 'items');
  let vectors: VectorRows | undefined;
  let row = 0;
  for await (const batch of readArrowRows(itemsPath, 'items')) {
    checkAborted(signal);
    for (const item of batch) {
      if (!SPLITS.includes(item.split)) {
        throw badRow(itemsPath, row, `split is ${JSON.stringify(item.split)}, not ${SPLITS.join(', ')}`);
      }
      const isKept = splits.includes(item.split);
      placeOf.set(item.item_id, isKept ? ids.length : -1);
      if (isKept) {
        const { embedding } = item;
        if (embedding !== undefined) {
          vectors ??= new VectorRows(embedding.length, ids.length);
          const problem = vectorProblem(embedding, vectors.nDims);
          if (problem !== undefined) throw badRow(itemsPath, row, problem);
        }
        vectors?.push(embedding);
        ids.push(item.item_id);
        texts.push(item.text);
        groups.push(item.group);
        kept.push(item.split);
      }
      row++;
    }
  }
  const labels: Partial<Record<Space, TagLabels>> = {};
  for (const [space, columns] of await loadTags(dir, placeOf, ids.length, signal)) labels[space] = columns;
  return { ids, texts, groups, splits: kept, labels, ...(vectors && { embeddings: vectors.finish() }) };
}

function vectorProblem(vector: Float32Array, nDims: number): string | undefined {
  if (vector.length !== nDims) return `embedding has ${vector.length} numbers, the first one has ${nDims}`;
  const wrong = vector.findIndex((value) => !Number.isFinite(value));
  return wrong < 0 ? undefined : `embedding[${wrong}] is ${vector[wrong]!}, no finite number`;
}

interface TagUse {
  readonly column: number;
  readonly rank: number;
  readonly strength: number;
}

async function loadTags(
  dir: string,
  placeOf: ReadonlyMap<string, number>,
  nItems: number,
  signal: AbortSignal | undefined,
): Promise<[Space, TagLabels][]> {
  const path = tablePath(dir, 'item_tags');
  const columnOf = new Map(SPACES.map((space) => [space, new Map<string, number>()]));
  const uses = new Map(SPACES.map((space) => [space, new Map<number, TagUse[]>()]));
  let row = 0;
  for await (const batch of readArrowRows(path, 'item_tags')) {
    checkAborted(signal);
    for (const { item_id, space, tag_raw, rank, score } of batch) {
      const place = placeOf.get(item_id);
      if (place === undefined)
        throw badRow(path, row, `there is no item ${JSON.stringify(item_id)} in items.arrow`);
      const columns = columnOf.get(space);
      if (columns === undefined)
        throw badRow(path, row, `space is ${JSON.stringify(space)}, not item or user`);
      row++;
      if (place < 0) continue;
      let column = columns.get(tag_raw);
      if (column === undefined) columns.set(tag_raw, (column = columns.size));
      const ofSpace = uses.get(space)!;
      const ofItem = ofSpace.get(place);
      const use = { column, rank, strength: score ?? NaN };
      if (ofItem === undefined) ofSpace.set(place, [use]);
      else ofItem.push(use);
    }
  }
  return SPACES.filter((space) => columnOf.get(space)!.size > 0).map((space) => {
    const columns = columnOf.get(space)!;
    const builder = new SparseRowsBuilder();
    for (let item = 0; item < nItems; item++) {
      const ofItem = uses.get(space)!.get(item) ?? [];
      for (const { column, strength } of ofItem.sort((a, b) => a.rank - b.rank))
        builder.push(column, strength);
      builder.endRow();
    }
    return [space, { tags: [...columns.keys()], rows: builder.finish(columns.size) }];
  });
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new TagdistillError('E_ABORTED', 'reading was stopped', { cause: signal.reason });
  }
}

function badRow(file: string, row: number, message: string): TagdistillError {
  return new TagdistillError('E_BAD_ROW', message, { file, row, hint: 'Make the data set again.' });
}
