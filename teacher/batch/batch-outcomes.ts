import { CallFailure, type FailureClass } from '../client/failure.js';
import { failureOfReply } from '../client/failure-of-reply.js';
import type { Rung } from '../client/output-ladder.js';
import { RUNGS } from '../client/rungs.js';
import { isFatal } from '../limits/retry.js';
import type { Batch, BatchApi } from './batch-api.js';
import type { BatchTally } from './batch-tally.js';
import type { Shard, ShardRequest } from './shard.js';

/** Why no further question is submitted. */
export interface BatchStop {
  readonly kind: 'budget' | 'endpoint';
  readonly message: string;
  readonly cause?: CallFailure;
}

// A request that fails by these fails again.
const FINAL: readonly FailureClass[] = ['bad_request', 'refused'];
const TOKEN_LIMIT = 'token_limit_exceeded';
const MOST_LONE_REFUSALS = 10;

/** What the batches so far say of the next ones: what the server takes, what is given up, whether to go on at all. */
export class BatchOutcomes {
  private reason: BatchStop | null = null;
  /** Whether questions that come back without an answer are submitted again. */
  mayAskAgain = true;
  /** Keys of questions that would fail again. */
  readonly givenUp = new Set<string>();
  private place = 0;
  private nLoneRefusals = 0;
  private nTokenRefusals = 0;

  constructor(
    private readonly parts: {
      readonly api: BatchApi;
      readonly tally: BatchTally;
      readonly onNotice: (text: string) => void;
    },
    /** Input tokens in the server's queue at most; halved when the server says that there are too many. */
    public maxTokens: number,
    public takesLogprobs: boolean,
  ) {}

  /** Why no further question is submitted; null while they are. */
  get stopped(): BatchStop | null {
    return this.reason;
  }

  isStopped(): boolean {
    return this.reason !== null;
  }

  get rung(): Rung {
    return RUNGS[this.place]!;
  }

  /** Grows with each batch that the server could not queue: such a round counts for nothing. */
  get tokenRefusals(): number {
    return this.nTokenRefusals;
  }

  stop(reason: BatchStop): void {
    this.reason ??= reason;
  }

  /** Hear of a request that came back without an answer that stands. */
  failed({ key, task, sourceId, sample, rung }: ShardRequest, failure: CallFailure): void {
    const { kind, message, rejects } = failure;
    const { tally, api } = this.parts;
    tally.failed.set(key, { task, sourceId, sample, model: api.model, kind, message });
    if (isFatal(kind)) this.stop({ kind: 'endpoint', message, cause: failure });
    if (rejects === 'logprobs' && this.takesLogprobs) this.takesLogprobs = false;
    else if (rejects === 'response_format' && rung !== 'text') {
      // Of requests that were refused alike, only the first steps down.
      if (rung === this.rung) this.place++;
    } else if (FINAL.includes(kind)) this.givenUp.add(key);
  }

  /** Hear of a request that no batch can hold. */
  tooLarge(request: ShardRequest, sizeBytes: number, maxBytes: number): void {
    const message = `the request has ${sizeBytes} bytes, and a batch at most ${maxBytes}`;
    this.failed(request, new CallFailure('bad_request', message));
  }

  /**
   * Hear of a batch that the server refused as a whole.
   *
   * @param queuedTokens input tokens in the queue with it
   */
  refused(shard: Shard, errors: Batch['errors'], queuedTokens: number): void {
    const [first] = errors?.data ?? [];
    if (errors?.data?.some(({ code }) => code === TOKEN_LIMIT) === true) {
      this.shrink(shard, queuedTokens, first?.message ?? TOKEN_LIMIT);
      return;
    }
    const { api, onNotice } = this.parts;
    const { code, message } = first ?? {};
    const text = JSON.stringify({ error: { code, message: message ?? 'the server does not say why' } });
    const headers = { get: () => null };
    const context = { url: `${api.url}/batches`, model: shard.model, scrub: api.scrub, now: api.now() };
    const failure = failureOfReply({ status: 400, headers, text }, context);
    onNotice(`the server refused a batch: ${failure.message}`);
    for (const request of shard.requests) this.failed(request, failure);
  }

  private shrink(shard: Shard, queuedTokens: number, message: string): void {
    const { onNotice } = this.parts;
    this.nTokenRefusals++;
    if (shard.requests.length === 1 && ++this.nLoneRefusals >= MOST_LONE_REFUSALS) {
      const cause = new CallFailure('rate_limit', message);
      this.stop({
        kind: 'endpoint',
        message: `the server queues no batch, not even of one request: ${message}`,
        cause,
      });
      return;
    }
    // Of batches that were submitted together, the later ones were too many already.
    if (queuedTokens > this.maxTokens) return;
    this.maxTokens = Math.max(1, Math.floor(queuedTokens / 2));
    onNotice(
      `the server has no room for ${queuedTokens} input tokens in its queue: from now on at most ${this.maxTokens} wait there`,
    );
  }
}
