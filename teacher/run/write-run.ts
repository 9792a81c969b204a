import { sha256 } from '../../src/core/hash.js';
import { TagdistillError } from '../../src/core/errors.js';
import { ItemsWriter } from '../../src/dataset/items-writer.js';
import type { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import type { ItemRow, Split } from '../../src/dataset/rows.js';
import type { OpenTable } from '../../src/dataset/write-dataset.js';
import { TagCounter, type TagSpaceCounts } from '../answers/count-tags.js';
import type { Space } from '../../src/core/space.js';
import type { Journal } from '../journal/journal.js';
import type { SourceTag } from '../questions/tag-questions.js';
import { CascadeCosts } from './cascade-report.js';
import { KeyMap } from '../../src/core/key-map.js';
import type { KeyTable } from './key-table.js';
import {
  itemTagRows,
  readSourceAnswers,
  tagEdgeRows,
  type SourceAnswers,
  type StoredPlace,
} from './stored-answers.js';

export interface WriteRunOptions {
  readonly journal: Journal;
  readonly samples: number;
  /** The items again, in the order in which they were asked about; none where no items were. */
  readonly items: AsyncIterable<ItemRow> | null;
  readonly itemKeys: KeyTable;
  /** Tells an item from another one at its place, in case the file has changed. */
  readonly itemMarks: readonly number[];
  /** Leave out items without a usable answer, as they were not asked about. */
  readonly answeredOnly: boolean;
  readonly tags: readonly SourceTag[];
  readonly tagKeys: KeyTable;
  readonly onItem?: (done: number) => void;
}

/** What stands in the tables that were written. */
export interface WrittenRun {
  readonly nItems: number;
  readonly nBySplit: Readonly<Record<Split, number>>;
  readonly nDims: number | undefined;
  readonly nAnswers: number;
  readonly nUsable: number;
  readonly nUnparseable: number;
  readonly nNotes: number;
  readonly notes: readonly string[];
  readonly tags: Readonly<Partial<Record<Space, TagSpaceCounts>>>;
  readonly nEdges: number;
  readonly costs: CascadeCosts;
}

const KEPT_NOTES = 20;

/** A number that tells items apart by id, well enough to notice that a file has changed. */
export function itemMark(itemId: string): number {
  return Number.parseInt(sha256(itemId).slice(0, 8), 16);
}

/** Fill the tables of a data set from the journal: items in the order of their file, whatever the order of answers. */
export class RunWriter {
  private readonly seen = new KeyMap();
  private readonly counter = new TagCounter();
  private readonly nBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  private readonly notes: string[] = [];
  private readonly costs: CascadeCosts;
  private nNotes = 0;
  private nUsable = 0;
  private nUnparseable = 0;
  private nItems = 0;

  constructor(
    private readonly options: WriteRunOptions,
    private readonly open: OpenTable,
  ) {
    this.costs = new CascadeCosts(options.samples);
  }

  /** @throws TagdistillError `E_BAD_INPUT` if the items are not those that were asked about; what writing throws */
  async write(): Promise<WrittenRun> {
    const items = new ItemsWriter(this.open);
    const calls = await this.open('calls');
    const itemTags = await this.open('item_tags');
    const edges = await this.open('tag_edges');
    if (this.options.items !== null) await this.writeItems(this.options.items, { items, calls, itemTags });
    await items.finish();
    await this.writeEdges(calls, edges);
    const nAnswers = calls.nRows;
    await this.writeFailedCalls(calls);
    const { nItems, nBySplit, nUsable, nUnparseable, nNotes, notes, costs } = this;
    return {
      ...{ nItems, nBySplit, nAnswers, nUsable, nUnparseable, nNotes, notes, costs },
      nDims: items.nDims,
      tags: this.counter.counts(),
      nEdges: edges.nRows,
    };
  }

  private async writeItems(
    rows: AsyncIterable<ItemRow>,
    tables: {
      readonly items: ItemsWriter;
      readonly calls: ArrowFileWriter<'calls'>;
      readonly itemTags: ArrowFileWriter<'item_tags'>;
    },
  ): Promise<void> {
    const { itemKeys, itemMarks, answeredOnly, onItem } = this.options;
    let index = 0;
    for await (const item of rows) {
      const found = itemMarks.indexOf(itemMark(item.item_id), index);
      if (found < 0 && !(answeredOnly && index >= itemMarks.length)) throw changed(item.item_id);
      // Items between have gone since, e.g. for an image that is no more there.
      const at = Math.max(found, index);
      index = at + 1;
      const place: StoredPlace = { task: 'item2tag', sourceId: item.item_id, index: at };
      const stored = await this.read(place, itemKeys);
      onItem?.(index);
      if (answeredOnly && stored.answers.length === 0) continue;
      // Its question could not be made.
      if (itemKeys.get(at, 0) === null) continue;
      await tables.items.append(item);
      this.nItems++;
      this.nBySplit[item.split]++;
      await tables.calls.appendAll(stored.calls);
      for (const row of itemTagRows(item.item_id, stored)) {
        this.counter.add(row);
        await tables.itemTags.append(row);
      }
    }
  }

  private async writeEdges(
    calls: ArrowFileWriter<'calls'>,
    edges: ArrowFileWriter<'tag_edges'>,
  ): Promise<void> {
    const { tags, tagKeys } = this.options;
    for (const [index, { direction, tag }] of tags.entries()) {
      const place: StoredPlace = { task: direction, sourceId: tag, index };
      const stored = await this.read(place, tagKeys);
      await calls.appendAll(stored.calls);
      await edges.appendAll(tagEdgeRows(place, stored));
    }
  }

  private async read(place: StoredPlace, keys: KeyTable): Promise<SourceAnswers> {
    const { journal, samples } = this.options;
    const stored = await readSourceAnswers(place, { journal, keys, samples, seen: this.seen });
    for (const call of stored.calls) this.costs.add(call);
    this.nUsable += stored.calls.length - stored.nUnparseable;
    this.nUnparseable += stored.nUnparseable;
    this.nNotes += stored.notes.length;
    this.notes.push(...stored.notes.slice(0, KEPT_NOTES - this.notes.length));
    return stored;
  }

  /** Rows that were paid for, or tried in vain, on the way to the answers. */
  private async writeFailedCalls(calls: ArrowFileWriter<'calls'>): Promise<void> {
    for await (const call of this.options.journal.calls()) {
      if (call.status === 'failed' && this.seen.has(call.key)) await calls.append(call);
    }
  }
}

function changed(itemId: string): TagdistillError {
  return new TagdistillError(
    'E_BAD_INPUT',
    `item "${itemId}" was not there when the items were asked about`,
    {
      hint: 'The items file has changed meanwhile: run the same command again; what was answered is kept.',
    },
  );
}
