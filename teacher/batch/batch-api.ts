import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { checkApiKey, checkBaseUrl } from '../client/check-connection.js';
import { connectionFailure } from '../client/connection-failure.js';
import { CallFailure } from '../client/failure.js';
import { failureOfReply } from '../client/failure-of-reply.js';
import type { HttpReply } from '../client/http-reply.js';
import { scrubber, type Scrub } from '../client/secrets.js';
import { retryDelayMs } from '../limits/retry.js';
import type { Batch, BatchTransport, NewBatch } from './batch-transport.js';

export type { Batch, NewBatch } from './batch-transport.js';

export interface BatchApiOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

// The file of a batch may take its time over a slow line.
const LONGEST_CALL_MS = 1_800_000;
// The server's limits of requests hold for all that uses the key; there is no limiter here to wait.
const RATE_LIMIT_WAIT_MS = 5_000;

/**
 * Files and batches of an OpenAI-compatible server. What passes is tried again: rate limits, server errors, lost
 * connections and timeouts.
 *
 * All methods throw CallFailure, by class, or TagdistillError `E_ABORTED`.
 */
export class BatchApi {
  readonly model: string;
  readonly url: string;
  readonly scrub: Scrub;
  readonly now: () => number;
  readonly #apiKey: string;
  #transport: Promise<BatchTransport> | null = null;

  /** @throws TagdistillError `E_BAD_OPTION` for a URL or key that cannot be used */
  constructor(private readonly options: BatchApiOptions) {
    this.url = checkBaseUrl(options.baseUrl);
    this.#apiKey = checkApiKey(options.apiKey);
    this.model = options.model;
    this.scrub = scrubber(this.#apiKey);
    this.now = options.now;
  }

  upload(path: string): Promise<string> {
    return this.persist('files', (transport, signal) => transport.upload(path, signal));
  }

  retrieve(batchId: string): Promise<Batch> {
    return this.persist('batches', (transport, signal) => transport.retrieve(batchId, signal));
  }

  find(shardId: string): Promise<Batch | null> {
    return this.persist('batches', (transport, signal) => transport.find(shardId, signal));
  }

  /**
   * Read a file to its end, chunk by chunk. After a connection is lost it is read again from its start.
   *
   * @param read is called with each reading
   */
  download(fileId: string, read: (chunks: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> {
    return this.persist('files', async (transport, signal) => read(await transport.content(fileId, signal)));
  }

  /**
   * Submit a batch, once in all: after a failure that leaves open whether the server took it, it is looked for
   * before it is submitted again.
   */
  async create(batch: NewBatch): Promise<Batch> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once('batches', (transport, signal) => transport.create(batch, signal));
      } catch (failure) {
        await this.waitOrThrow(failure, attempt);
        if (!isRateLimit(failure)) {
          const found = await this.find(batch.shardId);
          if (found !== null) return found;
        }
      }
    }
  }

  private async persist<T>(
    path: string,
    call: (transport: BatchTransport, signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(path, call);
      } catch (failure) {
        await this.waitOrThrow(failure, attempt);
      }
    }
  }

  private async waitOrThrow(failure: unknown, attempt: number): Promise<void> {
    if (!(failure instanceof CallFailure)) throw failure;
    const { random, sleep, signal } = this.options;
    const delayMs = retryDelayMs(failure, attempt, { random });
    if (delayMs === null) throw failure;
    const leastMs = isRateLimit(failure) ? (failure.retryAfterMs ?? RATE_LIMIT_WAIT_MS) : 0;
    await sleep(Math.max(delayMs, leastMs), signal);
  }

  private async once<T>(
    path: string,
    call: (transport: BatchTransport, signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.options;
    try {
      return await call(await this.open(), signal);
    } catch (error) {
      if (error instanceof TagdistillError || error instanceof CallFailure) throw error;
      if (signal?.aborted === true) {
        throw new TagdistillError('E_ABORTED', 'the run was stopped', { cause: signal.reason });
      }
      throw this.failureOf(error, `${this.url}/${path}`);
    }
  }

  private failureOf(error: unknown, url: string): CallFailure {
    const { model, scrub } = this;
    const reply = replyOf(error);
    if (reply !== null) return failureOfReply(reply, { url, model, scrub, now: this.now() });
    if (error instanceof Error && error.name === 'APIConnectionTimeoutError') {
      return new CallFailure('timeout', `${url} gave no whole answer in time`);
    }
    if (error instanceof SyntaxError) {
      return new CallFailure('server', `${url} answered with what is no JSON: ${scrub(messageOf(error))}`);
    }
    return connectionFailure(error, { url, scrub });
  }

  private open(): Promise<BatchTransport> {
    const { baseUrl } = this.options;
    const apiKey = this.#apiKey;
    this.#transport ??= import('./batch-transport.js').then(
      (loaded) => new loaded.BatchTransport({ baseUrl, apiKey, timeoutMs: LONGEST_CALL_MS }),
    );
    return this.#transport;
  }
}

function isRateLimit(failure: unknown): boolean {
  return failure instanceof CallFailure && failure.kind === 'rate_limit';
}

function replyOf(error: unknown): HttpReply | null {
  return error instanceof Error && 'reply' in error ? (error.reply as HttpReply) : null;
}
