import { TagdistillError } from '../../src/core/errors.js';
import type { OnProgress } from '../../src/core/progress.js';
import { CallFailure } from '../client/failure.js';
import { isFatal } from '../limits/retry.js';
import type { Reservation } from '../money/budget.js';
import type { Batch, BatchApi } from './batch-api.js';
import type { BatchJournal } from './batch-journal.js';
import type { SettledBatchOptions } from './batch-options.js';
import type { BatchTally } from './batch-tally.js';
import { ShardHarvest, type HarvestParts } from './harvest-shard.js';
import type { Shard } from './shard.js';

export interface UnderWayParts {
  readonly api: BatchApi;
  readonly batches: BatchJournal;
  readonly tally: BatchTally;
  readonly harvest: HarvestParts;
  readonly options: SettledBatchOptions;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onNotice: (text: string) => void;
  readonly onProgress: OnProgress | undefined;
  /** Told of a batch that the server refused as a whole, with its reason. */
  readonly onRefused: (shard: Shard, errors: Batch['errors'], queuedTokens: number) => void;
}

export interface Submitted {
  readonly shard: Shard;
  readonly batchId: string;
  /** Null where no budget counts it. */
  readonly reservation: Reservation | null;
  /** Keys that have their row already. */
  readonly done: Set<string>;
}

interface Entry extends Submitted {
  /** Input tokens in the queue with it, when it came. */
  readonly queuedTokens: number;
  nProcessed: number;
  nFailed: number;
  nGone: number;
}

const OVER: readonly string[] = ['completed', 'failed', 'expired', 'cancelled'];
const LOOKS_UNTIL_GONE = 3;
const LOOKS_UNTIL_DOWN = 20;
const POLL_GROWTH = 1.5;

/** The batches that the server works on: looks at them in turn, and harvests those that are over. */
export class BatchesUnderWay {
  private readonly entries = new Map<string, Entry>();
  private readonly keys = new Set<string>();
  private pollMs: number;
  private nFailedLooks = 0;
  private nHarvested = 0;

  constructor(private readonly parts: UnderWayParts) {
    this.pollMs = parts.options.firstPollMs;
  }

  get size(): number {
    return this.entries.size;
  }

  get queuedTokens(): number {
    let sum = 0;
    for (const { shard } of this.entries.values()) sum += shard.tokensIn;
    return sum;
  }

  get batchIds(): string[] {
    return Array.from(this.entries.values(), ({ batchId }) => batchId);
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(submitted: Submitted): void {
    const { shard } = submitted;
    const queuedTokens = this.queuedTokens + shard.tokensIn;
    this.entries.set(shard.id, { ...submitted, queuedTokens, nProcessed: 0, nFailed: 0, nGone: 0 });
    for (const { key } of shard.requests) this.keys.add(key);
    this.pollMs = this.parts.options.firstPollMs;
    this.report();
  }

  /** Wait until at least one more is over; at once where none is under way. */
  async untilOneIsOver(): Promise<void> {
    const before = this.entries.size;
    if (before === 0) return;
    for (;;) {
      const hasChanged = await this.look();
      if (this.entries.size < before) return;
      const { firstPollMs, longestPollMs } = this.parts.options;
      if (hasChanged) this.pollMs = firstPollMs;
      await this.parts.sleep(this.pollMs);
      this.pollMs = Math.min(longestPollMs, POLL_GROWTH * this.pollMs);
    }
  }

  async untilAllAreOver(): Promise<void> {
    while (this.entries.size > 0) await this.untilOneIsOver();
  }

  /** @returns whether anything has changed */
  private async look(): Promise<boolean> {
    let hasChanged = false;
    for (const entry of [...this.entries.values()]) {
      const batch = await this.retrieve(entry);
      if (batch === null) continue;
      const counts = batch.request_counts ?? { completed: 0, failed: 0, total: 0 };
      const nProcessed = counts.completed + counts.failed;
      if (nProcessed !== entry.nProcessed) hasChanged = true;
      entry.nProcessed = nProcessed;
      entry.nFailed = counts.failed;
      if (OVER.includes(batch.status)) {
        await this.harvest(entry, batch);
        hasChanged = true;
      }
      this.report();
    }
    return hasChanged;
  }

  /** Null where the server does not say; that passes, or the batch is given up. */
  private async retrieve(entry: Entry): Promise<Batch | null> {
    try {
      const batch = await this.parts.api.retrieve(entry.batchId);
      this.nFailedLooks = 0;
      entry.nGone = 0;
      return batch;
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      if (failure.status === 404) {
        if (++entry.nGone >= LOOKS_UNTIL_GONE) await this.giveUp(entry, failure);
        return null;
      }
      if (isFatal(failure.kind) || ++this.nFailedLooks >= LOOKS_UNTIL_DOWN) throw this.cannotLook(failure);
      this.parts.onNotice(`cannot look at batch ${entry.batchId}: ${failure.message}`);
      return null;
    }
  }

  private async harvest(entry: Entry, batch: Batch): Promise<void> {
    const { shard, reservation, done } = entry;
    const { tally, batches, onRefused, harvest, onNotice } = this.parts;
    if (batch.status === 'failed') onRefused(shard, batch.errors, entry.queuedTokens);
    const nAnsweredBefore = tally.nAnswered;
    const spent = await this.fetchable(entry, () => new ShardHarvest(shard, batch, done, harvest).run());
    reservation?.settle(spent);
    await batches.over(shard.id, 'harvested');
    this.remove(entry);
    tally.over(batch.status);
    this.nHarvested += shard.requests.length;
    if (batch.status === 'completed') return;
    const n = tally.nAnswered - nAnsweredBefore;
    onNotice(
      `batch ${batch.id} is ${batch.status}: ${n} of its ${shard.requests.length} requests were answered`,
    );
  }

  private async fetchable(entry: Entry, run: () => Promise<number>): Promise<number> {
    try {
      return await run();
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      throw new TagdistillError(
        'E_TEACHER',
        `cannot fetch the answers of batch ${entry.batchId}: ${failure.message}`,
        {
          hint: 'Run the same command again: it goes on with the batches that are there and submits nothing twice.',
          cause: failure,
        },
      );
    }
  }

  private async giveUp(entry: Entry, failure: CallFailure): Promise<void> {
    const { batches, tally, onNotice } = this.parts;
    onNotice(
      `batch ${entry.batchId} is gone from the server, its questions are asked again: ${failure.message}`,
    );
    entry.reservation?.release();
    await batches.over(entry.shard.id, 'refused');
    tally.over('gone');
    this.remove(entry);
  }

  private remove({ shard }: Entry): void {
    this.entries.delete(shard.id);
    for (const { key } of shard.requests) this.keys.delete(key);
  }

  private cannotLook(failure: CallFailure): TagdistillError {
    return new TagdistillError('E_TEACHER', failure.message, {
      hint: `${this.size} batches go on at the server. Run the same command again when it is well: nothing is submitted twice.`,
      cause: failure,
    });
  }

  private report(): void {
    const { onProgress, tally } = this.parts;
    let [done, nFailed, total] = [this.nHarvested, 0, this.nHarvested];
    for (const entry of this.entries.values()) {
      done += entry.nProcessed;
      nFailed += entry.nFailed;
      total += entry.shard.requests.length;
    }
    const cost = tally.costMicrousd;
    onProgress?.({
      stage: 'batches',
      done,
      total,
      figures: {
        'under way': this.size,
        answered: tally.nAnswered,
        ...(nFailed > 0 && { failed: nFailed }),
        ...(cost > 0 && { cost: `$${(cost / 1e6).toFixed(4)}` }),
      },
    });
  }
}
