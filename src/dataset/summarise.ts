import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TagdistillError } from '../core/errors.js';
import { sha256File } from '../core/hash.js';
import type { Space } from '../core/space.js';
import { readArrowBatches, readArrowRows, readArrowSchema } from './arrow-reader.js';
import { tablePath } from './files.js';
import { SPLITS, type Split } from './rows.js';

export interface ArrowSummary {
  readonly file: string;
  readonly nRows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Name and type of each column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface TagSummary {
  readonly nUses: number;
  readonly nDistinct: number;
  /** Uses with a strength. */
  readonly nWithStrength: number;
  readonly meanPerItem: number;
}

export interface DatasetSummary {
  readonly dir: string;
  readonly nItems: number;
  readonly nBySplit: Readonly<Record<Split, number>>;
  readonly tags: Readonly<Partial<Record<Space, TagSummary>>>;
  /** Length of the items' vectors, and how many have one; absent where none has. */
  readonly embeddings?: { readonly nDims: number; readonly nGiven: number };
  readonly files: readonly ArrowSummary[];
}

/**
 * Count what a data set folder holds.
 *
 * @throws TagdistillError `E_BAD_ROW` for a split that is none, and what reading its tables throws
 */
export async function summariseDataset(dir: string): Promise<DatasetSummary> {
  const names = await readdir(dir).catch(() => [] as string[]);
  const arrows = names.filter((name) => name.endsWith('.arrow')).sort();
  if (!arrows.includes('items.arrow')) {
    throw new TagdistillError('E_FILE_MISSING', 'no data set: there is no items.arrow in this folder', {
      file: dir,
      hint: 'Give a folder that `tagdistill import` or `tagdistill teach` made.',
    });
  }
  const nBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  let nItems = 0;
  let nGiven = 0;
  let nDims = 0;
  for await (const rows of readArrowRows(tablePath(dir, 'items'), 'items')) {
    for (const { split, embedding } of rows) {
      if (!SPLITS.includes(split)) {
        throw new TagdistillError(
          'E_BAD_ROW',
          `split is ${JSON.stringify(split)}, not ${SPLITS.join(', ')}`,
          {
            file: tablePath(dir, 'items'),
            row: nItems,
            hint: 'Make the data set again.',
          },
        );
      }
      if (embedding !== undefined) {
        nGiven++;
        nDims = embedding.length;
      }
      nBySplit[split]++;
      nItems++;
    }
  }
  const seen = new Map<Space, { nUses: number; nWithStrength: number; distinct: Set<string> }>();
  for await (const rows of readArrowRows(tablePath(dir, 'item_tags'), 'item_tags')) {
    for (const { space, tag_raw, score } of rows) {
      let of = seen.get(space);
      if (of === undefined) seen.set(space, (of = { nUses: 0, nWithStrength: 0, distinct: new Set() }));
      of.nUses++;
      if (score !== null) of.nWithStrength++;
      of.distinct.add(tag_raw);
    }
  }
  const tags = Object.fromEntries(
    [...seen].map(([space, { nUses, nWithStrength, distinct }]) => [
      space,
      { nUses, nDistinct: distinct.size, nWithStrength, meanPerItem: nUses / Math.max(1, nItems) },
    ]),
  );
  const files = await Promise.all(arrows.map((name) => summariseArrow(join(dir, name))));
  const embeddings = nGiven === 0 ? {} : { embeddings: { nDims, nGiven } };
  return { dir, nItems, nBySplit, tags, ...embeddings, files };
}

/** Count the rows and list the columns and metadata of any Arrow IPC file. */
export async function summariseArrow(path: string): Promise<ArrowSummary> {
  const schema = await readArrowSchema(path);
  let nRows = 0;
  for await (const batch of readArrowBatches(path)) nRows += batch.numRows;
  return {
    file: basename(path),
    nRows,
    sizeBytes: (await stat(path)).size,
    sha256: await sha256File(path),
    columns: Object.fromEntries(schema.fields.map(({ name, type }) => [name, String(type)])),
    metadata: Object.fromEntries(schema.metadata),
  };
}
