import { sha256 } from '../../src/core/hash.js';
import type { CallRow, Task } from '../../src/dataset/rows.js';
import { parseAnswer, type ParsedAnswer } from '../answers/parse-answer.js';
import type { Message } from './prompts.js';

/** What is asked of the teacher: all of it is known before the answer is. */
export interface CallRequest {
  readonly task: Task;
  /** Item id (item2tag) or source tag (tag2tag). */
  readonly sourceId: string;
  /** 0 for the first answer to the same question, 1 for the second. */
  readonly sample: number;
  readonly prompt: { readonly id: string; readonly hash: string };
  readonly model: string | null;
  /** Request parameters as a JSON object. */
  readonly params: string | null;
  readonly messages: readonly Message[];
}

/**
 * Give the key of a request, over everything that is asked and nothing that is answered, so that a run can look up
 * what it already has before it asks. It is 128 bits of a SHA-256 in hex: every row of `item_tags` carries it.
 */
export function callKey({ task, sourceId, sample, prompt, model, params, messages }: CallRequest): string {
  return sha256(JSON.stringify([task, sourceId, sample, prompt.hash, model, params, messages])).slice(0, 32);
}

/** The cells of a call that say nothing until its answer does. */
export const NOT_RECORDED = {
  rung: null,
  logprobs: null,
  tokens_in: null,
  tokens_cached: null,
  tokens_out: null,
  cost_microusd: null,
  cost_basis: null,
  started_at: null,
  finished_at: null,
} as const;

/** How a request was answered; what is left out was not recorded and becomes null. */
export interface CallResponse extends Partial<
  Pick<
    CallRow,
    | 'model_returned'
    | 'finish_reason'
    | 'endpoint'
    | 'rung'
    | 'logprobs'
    | 'tokens_in'
    | 'tokens_cached'
    | 'tokens_out'
    | 'cost_microusd'
    | 'cost_basis'
    | 'started_at'
    | 'finished_at'
  >
> {
  readonly rawText: string;
  readonly attempt?: number;
  readonly mode: CallRow['mode'];
  readonly runId: string;
}

export interface AnsweredCall {
  readonly call: CallRow;
  readonly parsed: ParsedAnswer;
}

/** Read an answer and make its row; one that cannot be read keeps its text, with status `unparseable`. */
export function answeredCall(
  request: CallRequest,
  { rawText, attempt = 0, mode, runId, ...recorded }: CallResponse,
): AnsweredCall {
  const parsed = parseAnswer(request.task, rawText, { isCut: recorded.finish_reason === 'length' });
  const call: CallRow = {
    key: callKey(request),
    task: request.task,
    source_id: request.sourceId,
    sample: request.sample,
    attempt,
    prompt_id: request.prompt.id,
    prompt_hash: request.prompt.hash,
    model_requested: request.model,
    model_returned: null,
    params: request.params,
    mode,
    status: parsed.state,
    finish_reason: null,
    error: parsed.state === 'ok' ? null : parsed.reason,
    raw_text: rawText,
    endpoint: null,
    ...NOT_RECORDED,
    run_id: runId,
    ...recorded,
  };
  return { call, parsed };
}
