import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { decodeLine, encodeLine } from '../journal/journal-line.js';
import { readLines } from '../journal/read-lines.js';
import { syncFolder } from '../journal/segment-files.js';
import type { OpenShard, Shard } from './shard.js';

/** What became of a shard in the end. */
export type ShardEnd = 'harvested' | 'refused' | 'not_submitted';

type Entry =
  | { readonly type: 'format'; readonly format: string; readonly version: number }
  | { readonly type: 'planned'; readonly shard: Shard }
  | {
      readonly type: 'submitted';
      readonly shardId: string;
      readonly fileId: string;
      readonly batchId: string;
    }
  | { readonly type: 'over'; readonly shardId: string; readonly end: ShardEnd };

const NAME = 'batches.jsonl';
const KEPT_BYTES = 1024 * 1024;
const HEADER = { type: 'format', format: 'tagdistill-batches', version: 1 } as const;

/**
 * Keeps on the disk which questions went into which batch: each shard is written down before it is submitted, so that
 * a process that comes after a kill finds it again.
 *
 * One append-only file beside the calls, in the same lines; the lock of their journal keeps other processes away.
 */
export class BatchJournal {
  private constructor(
    private readonly handle: FileHandle,
    private sizeBytes: number,
    private readonly file: string,
    private readonly shards: Map<string, OpenShard>,
  ) {}

  /**
   * Open the file, or begin it. A line that was not written to its end is dropped.
   *
   * @param dir folder of the journal, which is open
   * @throws TagdistillError `E_FILE_FORMAT` for a damaged line, as it may hide a batch that is paid; `E_FILE_WRITE`
   */
  static async open(dir: string): Promise<BatchJournal> {
    const file = join(dir, NAME);
    const handle = await open(file, 'a+').catch((cause: unknown) => {
      throw cannotWrite(file, cause);
    });
    try {
      const shards = new Map<string, OpenShard>();
      const whole = await load(handle, file, shards);
      // What is over is of no more use, and would be read again each time.
      const sizeBytes = shards.size === 0 && whole > KEPT_BYTES ? 0 : whole;
      await handle.truncate(sizeBytes);
      const journal = new BatchJournal(handle, sizeBytes, file, shards);
      if (sizeBytes === 0) {
        await journal.append(HEADER);
        await syncFolder(dir);
      }
      return journal;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The shards that are not over, in the order in which they were planned. */
  get open(): readonly OpenShard[] {
    return [...this.shards.values()];
  }

  planned(shard: Shard): Promise<void> {
    return this.append({ type: 'planned', shard });
  }

  submitted(shardId: string, batch: { readonly fileId: string; readonly batchId: string }): Promise<void> {
    return this.append({ type: 'submitted', shardId, ...batch });
  }

  over(shardId: string, end: ShardEnd): Promise<void> {
    return this.append({ type: 'over', shardId, end });
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async append(entry: Entry): Promise<void> {
    const line = encodeLine(entry);
    try {
      await this.handle.appendFile(line);
      await this.handle.datasync();
    } catch (cause) {
      await this.handle.truncate(this.sizeBytes).catch(() => undefined);
      throw cannotWrite(this.file, cause);
    }
    this.sizeBytes += line.length;
    apply(entry, this.shards);
  }
}

/** @returns where the last whole line ends */
async function load(handle: FileHandle, file: string, shards: Map<string, OpenShard>): Promise<number> {
  let sizeBytes = 0;
  for await (const lines of readLines(handle)) {
    for (const { line, bytes, isWhole, offset, sizeBytes: size } of lines) {
      if (!isWhole) return offset;
      const decoded = bytes === null ? null : decodeLine(bytes);
      if (decoded?.state !== 'ok') {
        throw new TagdistillError('E_FILE_FORMAT', decoded?.reason ?? 'a line that is too long', {
          file,
          line,
          hint: 'A batch that was paid may stand in this line. See which batches the server has; then delete the line.',
        });
      }
      const entry = decoded.value as Entry;
      if (line === 1) checkHeader(entry, file);
      apply(entry, shards);
      sizeBytes = offset + size;
    }
  }
  return sizeBytes;
}

function checkHeader(entry: Entry, file: string): void {
  if (entry.type === 'format' && entry.format === HEADER.format && entry.version === HEADER.version) return;
  throw new TagdistillError('E_FILE_FORMAT', 'the first line is not that of a list of batches of version 1', {
    file,
    line: 1,
    hint: 'Use the release that wrote it, or give the journal another folder.',
  });
}

function apply(entry: Entry, shards: Map<string, OpenShard>): void {
  switch (entry.type) {
    case 'format':
      return;
    case 'planned':
      shards.set(entry.shard.id, { shard: entry.shard, batchId: null });
      return;
    case 'submitted': {
      const planned = shards.get(entry.shardId);
      if (planned !== undefined) shards.set(entry.shardId, { ...planned, batchId: entry.batchId });
      return;
    }
    case 'over':
      shards.delete(entry.shardId);
  }
}

function cannotWrite(file: string, cause: unknown): TagdistillError {
  return new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
    file,
    hint: 'Free some space and run the same command again; batches under way are found again.',
    cause,
  });
}
