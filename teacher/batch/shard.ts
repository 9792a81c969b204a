import type { Task } from '../../src/dataset/rows.js';
import type { Rung } from '../client/output-ladder.js';
import type { ChatParams } from '../questions/question.js';

/** What is to be known of a request when its answer comes, be it to another process. */
export interface ShardRequest {
  readonly key: string;
  readonly task: Task;
  readonly sourceId: string;
  readonly sample: number;
  /** The attempt that its row will have. */
  readonly attempt: number;
  /** By estimate. */
  readonly tokensIn: number;
  /** As sent. */
  readonly params: ChatParams;
  /** How the form of the answer is asked for. */
  readonly rung: Rung;
}

/** The requests of one batch. */
export interface Shard {
  /** Stands in the metadata of the batch, and as `run_id` in the rows of its answers. */
  readonly id: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly logprobs: boolean;
  readonly prompts: Readonly<Partial<Record<Task, { readonly id: string; readonly hash: string }>>>;
  readonly requests: readonly ShardRequest[];
  readonly sizeBytes: number;
  readonly tokensIn: number;
  /** What it may cost, at the 95th percentile; 0 without a price. */
  readonly reservedMicrousd: number;
}

/** A shard that is not over, as the batch journal has it. */
export interface OpenShard {
  readonly shard: Shard;
  /** Null where it is not known whether it was submitted. */
  readonly batchId: string | null;
}
