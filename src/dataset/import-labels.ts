import { basename, resolve } from 'node:path';
import { TagdistillError } from '../core/errors.js';
import { sha256File } from '../core/hash.js';
import { packageVersion } from '../core/package-info.js';
import type { OnProgress } from '../core/progress.js';
import { SPACES, type Space } from '../core/space.js';
import { datasetCard, type TagCounts } from './card.js';
import { ItemsWriter } from './items-writer.js';
import { readLabelRows } from './label-row.js';
import { RowProblems } from './row-problems.js';
import type { Split } from './rows.js';
import { splitOf } from './split.js';
import { writeDataset } from './write-dataset.js';

export interface ImportOptions {
  /** JSONL, CSV, TSV, Parquet or Arrow file; see {@link readLabelRows}. */
  readonly labels: string;
  /** Folder of the data set to make. */
  readonly out: string;
  readonly overwrite?: boolean;
  /** Gives the `tag` column from the raw tag. */
  readonly normalise: (raw: string) => string;
  /** Share of the groups (or ids) held back to choose epochs and calibration, where rows state no split. */
  readonly validationShare?: number;
  /** Share held back for evaluation. */
  readonly testShare?: number;
  readonly seed?: number;
  /** Field whose equal values stand in one split, e.g. `author`. */
  readonly groupBy?: string;
  /** Field of the items' vectors; by default `embedding`, where that is a list. */
  readonly embeddingColumn?: string;
  /** Stop at the first row that cannot be used, instead of counting it. */
  readonly strict?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly dir: string;
  readonly nItems: number;
  readonly nBySplit: Readonly<Record<Split, number>>;
  readonly tags: Readonly<Partial<Record<Space, TagCounts>>>;
  /** Absent where no item has a vector. */
  readonly embeddings?: { readonly nDims: number; readonly nGiven: number };
  /** Rows left out. */
  readonly nProblems: number;
  /** The first of them. */
  readonly problems: readonly TagdistillError[];
}

/**
 * Make a data set from someone's own labels; it appears whole or not at all. Memory holds ids and distinct tags.
 *
 * @throws TagdistillError `E_NO_ROWS` if no row can be used or none has a tag; `E_BAD_OPTION` if no item has a value
 *   in `groupBy`, or a vector in `embeddingColumn`; `E_BAD_ROW` in strict mode; what reading the file and {@link writeDataset} throw
 */
export async function importLabels({
  labels,
  out,
  overwrite = false,
  normalise,
  validationShare = 0.1,
  testShare = 0,
  seed = 1,
  groupBy,
  embeddingColumn,
  strict = false,
  onProgress,
  signal,
}: ImportOptions): Promise<ImportReport> {
  const shares = { validationShare, testShare, seed };
  splitOf('', shares); // refuses impossible shares before any work
  const problems = new RowProblems(strict);
  const nBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  const counts = {
    item: { nUses: 0, distinct: new Set<string>() },
    user: { nUses: 0, distinct: new Set<string>() },
  };
  let nItems = 0;
  let nGrouped = 0;
  let nGiven = 0;
  return writeDataset({
    out,
    overwrite,
    metadata: {
      split_rule: `seed ${seed}, ${validationShare} validation, ${testShare} test, by group or id`,
    },
    write: async (open) => {
      const items = new ItemsWriter(open);
      const itemTags = await open('item_tags');
      const rows = readLabelRows(labels, {
        problems,
        ...(groupBy && { groupBy }),
        ...(embeddingColumn !== undefined && { embeddingColumn }),
        ...(signal && { signal }),
      });
      for await (const { place, id, text, embedding, group, split: stated, fields, tags } of rows) {
        const kept = writeFields(fields);
        if (kept === undefined) {
          problems.add('the fields are nested too deep', 'Leave the field out, or flatten it.', place);
          continue;
        }
        const split = stated ?? splitOf(group ?? id, shares);
        if (group !== null) nGrouped++;
        if (embedding !== undefined) nGiven++;
        const row = { item_id: id, text, group, split, fields: kept };
        await items.append(embedding === undefined ? row : { ...row, embedding });
        for (const space of SPACES) {
          for (const [rank, { tag, strength }] of (tags[space] ?? []).entries()) {
            counts[space].nUses++;
            counts[space].distinct.add(tag);
            await itemTags.append({
              item_id: id,
              space,
              tag_raw: tag,
              tag: normalise(tag),
              rank,
              score: strength,
              votes: 1,
              samples: 1,
              logprob: null,
              call_keys: [],
            });
          }
        }
        nBySplit[split]++;
        nItems++;
        if (nItems % 500 === 0) onProgress?.({ stage: 'import', done: nItems });
      }
      await items.finish();
      const { nDims } = items;
      if (groupBy !== undefined && nGrouped === 0 && nItems > 0) refuseGroup(labels, groupBy, nItems);
      if (embeddingColumn !== undefined && nGiven === 0 && nItems > 0) {
        refuseEmbedding(labels, embeddingColumn, nItems);
      }
      if (counts.item.nUses + counts.user.nUses === 0) refuseAll(labels, nItems, problems);
      const tagCounts: Partial<Record<Space, TagCounts>> = {};
      for (const space of SPACES) {
        const { nUses, distinct } = counts[space];
        if (nUses > 0) tagCounts[space] = { nUses, nDistinct: distinct.size };
      }
      const card = datasetCard({
        name: basename(resolve(out)),
        summary: `Imported from \`${basename(labels)}\` (sha256 \`${labels === '-' ? 'not known' : await sha256File(labels)}\`): ${nItems} items; ${problems.count} rows could not be used.`,
        toolVersion: packageVersion(),
        nBySplit,
        tags: tagCounts,
        tables: ['items', 'item_tags'],
        ...(nDims !== undefined && { nDims }),
      });
      const embeddings = nDims === undefined ? {} : { embeddings: { nDims, nGiven } };
      const report = { dir: out, nItems, nBySplit, tags: tagCounts, ...embeddings };
      return { card, result: { ...report, nProblems: problems.count, problems: problems.first } };
    },
  });
}

/** Unknown fields as JSON, null where there are none, undefined where they are nested deeper than the stack. */
function writeFields(fields: Readonly<Record<string, unknown>>): string | null | undefined {
  if (Object.keys(fields).length === 0) return null;
  try {
    return JSON.stringify(fields);
  } catch {
    return undefined;
  }
}

function refuseGroup(file: string, groupBy: string, nItems: number): never {
  throw new TagdistillError('E_BAD_OPTION', `none of the ${nItems} items has a group in "${groupBy}"`, {
    file,
    hint: 'Check the name of the field; its values are texts, numbers, or lists of them.',
  });
}

function refuseEmbedding(file: string, column: string, nItems: number): never {
  throw new TagdistillError('E_BAD_OPTION', `none of the ${nItems} items has a vector in "${column}"`, {
    file,
    hint: 'Check the name of the field; its values are lists of numbers.',
  });
}

function refuseAll(file: string, nItems: number, problems: RowProblems): never {
  const [first] = problems.first;
  throw new TagdistillError(
    'E_NO_ROWS',
    nItems === 0
      ? `no usable row; ${problems.count} rows have problems`
      : `none of the ${nItems} items has a tag`,
    {
      file,
      hint:
        first === undefined
          ? 'Tags stand in "tags", "item_tags" or "user_tags".'
          : `The first problem: ${first.message}. ${first.hint ?? ''}`,
      cause: first,
    },
  );
}
