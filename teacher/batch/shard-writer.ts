import { open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import type { Shard, ShardRequest } from './shard.js';

/** What a shard may hold at most; the first request is always taken. */
export interface ShardLimits {
  readonly maxRequests: number;
  readonly maxBytes: number;
  readonly maxTokens: number;
  readonly maxMicrousd: number;
}

export interface SizedRequest {
  readonly request: ShardRequest;
  /** Its line in the file, with the newline. */
  readonly line: string;
  readonly microusd: number;
}

export type ShardWords = Pick<Shard, 'id' | 'baseUrl' | 'model' | 'logprobs' | 'prompts'>;

const BUFFER_CHARS = 1_000_000;
const NAME = /^shard-.+\.jsonl$/u;
// What the journal of batches says of a shard stands in one of its lines, which has an end.
const MOST_FACTS = 40_000_000;

/** Delete the files of shards that an earlier process left behind: what is under way is at the server. */
export async function deleteShardFiles(dir: string): Promise<void> {
  for (const name of await readdir(dir)) if (NAME.test(name)) await rm(join(dir, name), { force: true });
}

/** Writes the file of one batch, request by request; memory holds what is known of the requests, not their bodies. */
export class ShardWriter {
  readonly path: string;
  readonly requests: ShardRequest[] = [];
  private sizeBytes = 0;
  private tokensIn = 0;
  private microusd = 0;
  private nFacts = 0;
  private buffered: string[] = [];
  private nBuffered = 0;
  private handle: FileHandle | null = null;

  constructor(
    dir: string,
    private readonly words: ShardWords,
  ) {
    this.path = join(dir, `shard-${words.id}.jsonl`);
  }

  fits({ request, line, microusd }: SizedRequest, limits: ShardLimits): boolean {
    if (this.requests.length === 0) return true;
    return (
      this.requests.length < limits.maxRequests &&
      this.sizeBytes + Buffer.byteLength(line) <= limits.maxBytes &&
      this.tokensIn + request.tokensIn <= limits.maxTokens &&
      this.microusd + microusd <= limits.maxMicrousd &&
      this.nFacts < MOST_FACTS
    );
  }

  /** @throws TagdistillError `E_FILE_WRITE` */
  async add({ request, line, microusd }: SizedRequest): Promise<void> {
    this.requests.push(request);
    this.sizeBytes += Buffer.byteLength(line);
    this.tokensIn += request.tokensIn;
    this.microusd += microusd;
    this.nFacts += JSON.stringify(request).length;
    this.buffered.push(line);
    this.nBuffered += line.length;
    if (this.nBuffered >= BUFFER_CHARS) await this.write();
  }

  /** End the file. @throws TagdistillError `E_FILE_WRITE` */
  async finish(): Promise<Shard> {
    await this.write();
    await this.handle?.close();
    this.handle = null;
    const { requests, sizeBytes, tokensIn, microusd: reservedMicrousd } = this;
    return { ...this.words, requests, sizeBytes, tokensIn, reservedMicrousd };
  }

  /** Delete the file. */
  async discard(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
    await rm(this.path, { force: true });
  }

  private async write(): Promise<void> {
    try {
      this.handle ??= await open(this.path, 'w');
      await this.handle.writeFile(this.buffered.join(''));
    } catch (cause) {
      await this.discard();
      throw new TagdistillError('E_FILE_WRITE', `cannot write the file of a batch: ${messageOf(cause)}`, {
        file: this.path,
        hint: 'Free some space, or give a smaller --batch-bytes; then run the same command again.',
        cause,
      });
    }
    this.buffered = [];
    this.nBuffered = 0;
  }
}
