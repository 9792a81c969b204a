import { basename, resolve } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { packageVersion } from '../../core/package-info.js';
import type { OnProgress } from '../../core/progress.js';
import { SPACES, type Space } from '../../core/space.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import { datasetCard, type TagCounts } from '../../dataset/card.js';
import { tablePath } from '../../dataset/files.js';
import { ItemsWriter } from '../../dataset/items-writer.js';
import { SPLITS, type ItemTagRow, type Split } from '../../dataset/rows.js';
import { refuseOccupied, writeDataset } from '../../dataset/write-dataset.js';
import { countRawUses } from '../count-raw-uses.js';
import { mapItemTags, type MappedTag } from './map-item-tags.js';
import { matchTags, type TagMatch } from './match-tags.js';
import { nearOptions, type NearVectors } from './near-options.js';
import type { CanonicalNames, TargetTag } from './name-matcher.js';
import { reportTransfer, type SpaceTransfer } from './transfer-report.js';

export interface TransferOptions {
  /** The cover set, a space; tags of a space without targets are left out. */
  readonly targets: Readonly<Record<Space, readonly TargetTag[]>>;
  readonly aliases?: Readonly<Partial<Record<Space, CanonicalNames>>>;
  /** Also map a tag on the nearest target, at or above a cosine. */
  readonly near?: NearVectors;
  /** Folder of the data set to make. */
  readonly out: string;
  readonly overwrite?: boolean;
  /** Stands in the card, e.g. the name of the tag library. */
  readonly targetName: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface TransferReport {
  readonly dir: string;
  readonly nItems: number;
  /** Items with at least one tag before, and after. */
  readonly nTaggedBefore: number;
  readonly nTaggedAfter: number;
  /** Only the spaces in which the data set has tags. */
  readonly spaces: Readonly<Partial<Record<Space, SpaceTransfer>>>;
}

/**
 * Make a data set whose tags are those of an existing cover set: another domain's items, the same tags.
 *
 * Items stay as they are, those that lose all their tags too. The data set appears whole or not at all; memory holds
 * the distinct tags and the tags of one item. The rows of an item stand together in `item_tags.arrow`.
 *
 * @throws TagdistillError `E_NO_ROWS` if no item has a tag; `E_BAD_ROW` for a space that is none, or an item whose
 *   rows do not stand together; `E_FILE_EXISTS`, `E_ABORTED`; what {@link matchTags} and reading and writing throw
 * @see Yu et al. 2025 (TagCF): Books and Movies take over the tags of another domain in this way
 */
export async function transferDataset(dataset: string, options: TransferOptions): Promise<TransferReport> {
  const { targets, aliases = {}, near, out, overwrite = false, targetName, onProgress, signal } = options;
  await refuseOccupied(out, overwrite);
  const running = { ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const uses = await countUses(dataset, signal);
  const matches = {} as Record<Space, ReadonlyMap<string, TagMatch>>;
  const spaces: Partial<Record<Space, SpaceTransfer>> = {};
  for (const space of SPACES) {
    const canonical = aliases[space];
    matches[space] = await matchTags(uses[space].keys(), targets[space], {
      ...(canonical && { aliases: canonical }),
      ...(near && { near: nearOptions(space, near, running) }),
    });
    if (uses[space].size > 0) spaces[space] = reportTransfer(uses[space], matches[space], targets[space]);
  }
  const mapped = (space: Space, tag: string): MappedTag | undefined => {
    const { kind, place, similarity } = matches[space].get(tag)!;
    if (place < 0) return undefined;
    return { tag: targets[space][place]!.tag, share: kind === 'near' ? Math.max(0, similarity!) : 1 };
  };
  return writeDataset({
    out,
    overwrite,
    metadata: { transferred_to: targetName, threshold: String(near?.threshold ?? 'none') },
    write: async (open) => {
      const items = new ItemsWriter(open);
      const nBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
      let nItems = 0;
      const itemsPath = tablePath(dataset, 'items');
      for await (const batch of readArrowRows(itemsPath, 'items')) {
        checkAborted(signal);
        for (const item of batch) {
          if (!SPLITS.includes(item.split)) {
            throw badRow(
              itemsPath,
              nItems,
              `split is ${JSON.stringify(item.split)}, not ${SPLITS.join(', ')}`,
            );
          }
          await items.append(item);
          nBySplit[item.split]++;
          nItems++;
        }
      }
      await items.finish();
      const itemTags = await open('item_tags');
      const counts = { item: newCount(), user: newCount() };
      let nTaggedBefore = 0;
      let nTaggedAfter = 0;
      for await (const rows of readByItem(dataset, signal)) {
        const kept = mapItemTags(rows, mapped);
        nTaggedBefore++;
        if (kept.length > 0) nTaggedAfter++;
        for (const row of kept) {
          await itemTags.append(row);
          counts[row.space].nUses++;
          counts[row.space].distinct.add(row.tag_raw);
        }
        if (nTaggedBefore % 500 === 0) onProgress?.({ stage: 'transfer', done: nTaggedBefore });
      }
      const tags: Partial<Record<Space, TagCounts>> = {};
      for (const space of SPACES) {
        const { nUses, distinct } = counts[space];
        if (nUses > 0) tags[space] = { nUses, nDistinct: distinct.size };
      }
      const { nDims } = items;
      const card = datasetCard({
        name: basename(resolve(out)),
        summary: `The items of \`${basename(resolve(dataset))}\` with the tags of \`${targetName}\`: each tag was mapped by its name${near === undefined ? '' : `, else on the nearest tag at a cosine of ${near.threshold} or more`}; the others were left out.`,
        toolVersion: packageVersion(),
        nBySplit,
        tags,
        tables: ['items', 'item_tags'],
        ...(nDims !== undefined && { nDims }),
      });
      return { card, result: { dir: out, nItems, nTaggedBefore, nTaggedAfter, spaces } };
    },
  });
}

function newCount(): { nUses: number; readonly distinct: Set<string> } {
  return { nUses: 0, distinct: new Set() };
}

async function countUses(
  dataset: string,
  signal: AbortSignal | undefined,
): Promise<Record<Space, Map<string, number>>> {
  const uses = await countRawUses(dataset, () => checkAborted(signal));
  if (SPACES.some((space) => uses[space].size > 0)) return uses;
  throw new TagdistillError('E_NO_ROWS', 'no item has a tag', {
    file: tablePath(dataset, 'item_tags'),
    hint: 'Import or teach first.',
  });
}

async function* readByItem(
  dataset: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ItemTagRow[]> {
  const path = tablePath(dataset, 'item_tags');
  const done = new Set<string>();
  let rows: ItemTagRow[] = [];
  let n = 0;
  for await (const batch of readArrowRows(path, 'item_tags')) {
    checkAborted(signal);
    for (const row of batch) {
      const current = rows[0]?.item_id;
      if (current !== undefined && current !== row.item_id) {
        yield rows;
        done.add(current);
        rows = [];
      }
      if (done.has(row.item_id)) {
        throw badRow(path, n, `the rows of item ${JSON.stringify(row.item_id)} do not stand together`);
      }
      rows.push(row);
      n++;
    }
  }
  if (rows.length > 0) yield rows;
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new TagdistillError('E_ABORTED', 'the transfer was stopped', { cause: signal.reason });
}

function badRow(file: string, row: number, message: string): TagdistillError {
  return new TagdistillError('E_BAD_ROW', message, { file, row, hint: 'Make the data set again.' });
}
