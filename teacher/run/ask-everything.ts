import type { RowProblems } from '../../src/dataset/row-problems.js';
import type { OnProgress } from '../../src/core/progress.js';
import type { Answer } from '../answers/collect.js';
import type { SourceTag } from '../questions/tag-questions.js';
import { forEachAtOnce } from './for-each-at-once.js';
import type { ItemSource } from './item-sources.js';
import { KeyTable } from './key-table.js';
import { passOver } from './pass-over.js';
import type { RunStop } from './run-stop.js';
import {
  SourceAsker,
  tagsOf,
  type CascadeTally,
  type RunSource,
  type SourceAskerParts,
} from './source-asker.js';
import type { TagSource } from './tag-sources.js';
import { TagStatistics } from './tag-statistics.js';
import { itemMark } from './write-run.js';

export interface AskEverythingParts extends Omit<SourceAskerParts, 'keys'> {
  readonly stop: RunStop;
  readonly concurrency: number;
  /** No further source is taken once it fires. */
  readonly taking: AbortSignal;
  /** Gains the sources whose questions cannot be made, e.g. for an image that is gone. */
  readonly problems: RowProblems;
  readonly stopWhenRecall: number | null;
  readonly recallWindow: number;
  readonly figures: () => Readonly<Record<string, number | string>>;
  readonly onProgress?: OnProgress;
}

/** Puts all questions of a run and keeps what is needed to write its data set: keys, not answers. */
export class AskEverything {
  readonly itemKeys: KeyTable;
  readonly tagKeys: KeyTable;
  readonly itemMarks: number[] = [];
  readonly tags: SourceTag[] = [];
  readonly statistics: TagStatistics;
  readonly cascades: CascadeTally[] = [];

  constructor(private readonly parts: AskEverythingParts) {
    const nPlaces = parts.samples + (parts.strong === null ? 0 : parts.strongSamples);
    this.itemKeys = new KeyTable(nPlaces);
    this.tagKeys = new KeyTable(nPlaces);
    this.statistics = new TagStatistics(parts.recallWindow);
  }

  /** @param total number of items, where it is known */
  async askItems(items: AsyncIterable<ItemSource>, total?: number): Promise<void> {
    const asker = this.sourceAsker(this.itemKeys);
    const marked = this.marking(items);
    await this.askAll(marked, asker, {
      stage: 'items',
      total,
      onAnswers: (answers) => this.follow(answers),
    });
  }

  async askTags(tags: Iterable<TagSource>, total?: number): Promise<void> {
    const asker = this.sourceAsker(this.tagKeys);
    await this.askAll(this.noting(tags), asker, { stage: 'tags', total, onAnswers: () => undefined });
  }

  private sourceAsker(keys: KeyTable): SourceAsker {
    const asker = new SourceAsker({ ...this.parts, keys });
    this.cascades.push(asker.tally);
    return asker;
  }

  private async askAll(
    sources: AsyncIterable<RunSource> | Iterable<RunSource>,
    asker: SourceAsker,
    { stage, total, onAnswers }: AskAllOptions,
  ): Promise<void> {
    const { taking, concurrency, samples, onProgress, figures } = this.parts;
    let done = 0;
    // Twice as many sources as can be in flight, so that no place waits for a question to be made.
    const nAtOnce = Math.max(1, Math.ceil((2 * concurrency) / samples));
    await forEachAtOnce(
      sources,
      async (source) => {
        const answers = await asker.ask(source).catch((error: unknown) => {
          passOver(error, this.parts.problems);
          return [];
        });
        if (answers === null) return;
        onAnswers(answers);
        done++;
        onProgress?.({ stage, done, ...(total !== undefined && { total }), figures: figures() });
      },
      { nAtOnce, signal: taking },
    );
  }

  private async *marking(items: AsyncIterable<ItemSource>): AsyncGenerator<ItemSource> {
    for await (const source of items) {
      this.itemMarks.push(itemMark(source.item.item_id));
      yield source;
    }
  }

  private *noting(tags: Iterable<TagSource>): Generator<TagSource> {
    for (const source of tags) {
      this.tags.push({ direction: source.direction, tag: source.tag });
      yield source;
    }
  }

  private follow(answers: readonly Answer[]): void {
    if (answers.length === 0) return;
    this.statistics.add(tagsOf(answers));
    const { stopWhenRecall, stop } = this.parts;
    const recall = this.statistics.settledRecall;
    if (stopWhenRecall === null || !(recall >= stopWhenRecall)) return;
    stop.stop({
      kind: 'recall',
      message: `of the last items a share of ${recall.toFixed(4)} had a tag of the cover set`,
    });
  }
}

interface AskAllOptions {
  readonly stage: string;
  readonly total: number | undefined;
  readonly onAnswers: (answers: readonly Answer[]) => void;
}
