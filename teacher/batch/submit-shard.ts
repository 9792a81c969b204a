import { rm } from 'node:fs/promises';
import { TagdistillError } from '../../src/core/errors.js';
import { CallFailure } from '../client/failure.js';
import type { Journal } from '../journal/journal.js';
import type { Budget, Reservation } from '../money/budget.js';
import type { Batch, BatchApi } from './batch-api.js';
import type { BatchJournal } from './batch-journal.js';
import type { BatchTally } from './batch-tally.js';
import type { BatchesUnderWay } from './batches-under-way.js';
import type { OpenShard, Shard } from './shard.js';

export interface ShardSubmissionParts {
  readonly api: BatchApi;
  readonly batches: BatchJournal;
  readonly journal: Journal;
  readonly underWay: BatchesUnderWay;
  readonly budget: Budget;
  readonly tally: BatchTally;
  readonly onNotice: (text: string) => void;
}

const AGAIN = 'Run the same command again: it finds the batches that are there and submits nothing twice.';

/** Submits shards, each once whatever happens, and finds those of an earlier process. */
export class ShardSubmission {
  constructor(private readonly parts: ShardSubmissionParts) {}

  /**
   * Submit a shard: its money is set aside, it is written down, and only then it goes out.
   *
   * @param path its file, deleted once the server has it
   * @returns false where the budget has no room for it
   * @throws TagdistillError `E_TEACHER` if the server takes no batches
   */
  async submit(shard: Shard, path: string): Promise<boolean> {
    const { budget, batches, underWay, tally } = this.parts;
    const reservation = budget.reserve(shard.reservedMicrousd);
    if (reservation === null) return false;
    await batches.planned(shard);
    const { fileId, batch } = await this.send(shard, path);
    await batches.submitted(shard.id, { fileId, batchId: batch.id });
    await rm(path, { force: true });
    tally.nBatches++;
    tally.nRequests += shard.requests.length;
    underWay.add({ shard, batchId: batch.id, reservation, done: new Set() });
    return true;
  }

  /** Go on with the shards that an earlier process left open, looking for those of which it did not say more. */
  async recover(): Promise<void> {
    const { batches, api, underWay, tally, onNotice } = this.parts;
    const open = batches.open.filter(({ shard }) => shard.baseUrl === api.url);
    const nElsewhere = batches.open.length - open.length;
    if (nElsewhere > 0)
      onNotice(`${nElsewhere} batches of another server are still open; they are left alone`);
    const done = await this.rowsOf(open);
    for (const { shard, batchId } of open) {
      const id = batchId ?? (await this.lookFor(shard));
      if (id === null) continue;
      tally.nFound++;
      const reservation = this.reserveWhatIsLeft(shard);
      underWay.add({ shard, batchId: id, reservation, done: done.get(shard.id) ?? new Set() });
    }
  }

  /** A batch that is under way takes its money, be it more than there is. */
  private reserveWhatIsLeft({ reservedMicrousd }: Shard): Reservation | null {
    const { budget } = this.parts;
    return budget.reserve(Math.max(0, Math.min(reservedMicrousd, budget.leftMicrousd)));
  }

  private async send(shard: Shard, path: string): Promise<{ fileId: string; batch: Batch }> {
    const { api, batches } = this.parts;
    try {
      const fileId = await api.upload(path);
      return { fileId, batch: await api.create({ fileId, shardId: shard.id }) };
    } catch (failure) {
      if (!(failure instanceof CallFailure)) throw failure;
      // Where the server said no, nothing was submitted; else the next run looks for it.
      if (failure.status !== null && failure.status < 500) await batches.over(shard.id, 'not_submitted');
      const isUnknown = failure.status === 404 || failure.status === 405 || failure.status === 501;
      const hint = isUnknown ? 'The server may have no batch interface: leave --batch out.' : AGAIN;
      throw new TagdistillError('E_TEACHER', `a batch cannot be submitted: ${failure.message}`, {
        hint,
        cause: failure,
      });
    }
  }

  private async lookFor(shard: Shard): Promise<string | null> {
    const { api, batches, onNotice } = this.parts;
    const found = await api.find(shard.id).catch((failure: unknown) => {
      if (!(failure instanceof CallFailure)) throw failure;
      throw new TagdistillError(
        'E_TEACHER',
        `whether a batch of ${shard.requests.length} requests was submitted is not known, and the server does not list its batches: ${failure.message}`,
        {
          hint: `Run the same command again when it does. The batch bears ${shard.id} in its metadata.`,
          cause: failure,
        },
      );
    });
    if (found === null) {
      onNotice(`a batch of ${shard.requests.length} requests was not submitted before the last run ended`);
      await batches.over(shard.id, 'not_submitted');
      return null;
    }
    await batches.submitted(shard.id, { fileId: found.input_file_id, batchId: found.id });
    return found.id;
  }

  /** The keys of each shard that have their row already, from a harvest that was not finished. */
  private async rowsOf(open: readonly OpenShard[]): Promise<Map<string, Set<string>>> {
    const keys = new Map(open.map(({ shard }) => [shard.id, new Set<string>()]));
    if (open.length === 0) return keys;
    for await (const { run_id, key } of this.parts.journal.calls()) keys.get(run_id)?.add(key);
    return keys;
  }
}
