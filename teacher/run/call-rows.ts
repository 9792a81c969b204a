import type { CallRow } from '../../src/dataset/rows.js';
import type { Usage } from '../client/chat-client.js';
import type { CallFailure } from '../client/failure.js';
import type { LadderAnswer, PaidAnswer } from '../client/output-ladder.js';
import { NOT_RECORDED } from '../questions/call.js';
import type { ModelEndpoint, Question } from '../questions/question.js';

const ASKED_AGAIN = '; asked again';

/** A question on its way, with all that its rows say whatever the answer is. */
export interface Asking {
  readonly key: string;
  readonly question: Question;
  readonly endpoint: ModelEndpoint;
  readonly mode: CallRow['mode'];
  readonly runId: string;
}

/** What an answer cost; `usage` may be an estimate. */
export interface Cost {
  readonly usage: Usage;
  /** Null where the model has no price. */
  readonly microusd: number | null;
  readonly basis: 'measured' | 'estimated';
}

/** The row of an answer that stands. */
export function answerRow(asking: Asking, answer: LadderAnswer, attempt: number, cost: Cost | null): CallRow {
  const { parsed, tagLogprobs } = answer;
  return {
    ...paidRow(asking, answer, attempt, cost),
    status: parsed.state,
    error: parsed.state === 'ok' ? null : parsed.reason,
    logprobs: tagLogprobs === null ? null : JSON.stringify(tagLogprobs),
  };
}

/** The row of an answer that was paid but is asked for again: it counts as money, never as an answer. */
export function supersededRow(
  asking: Asking,
  answer: PaidAnswer,
  attempt: number,
  cost: Cost | null,
): CallRow {
  const { parsed } = answer;
  const error = parsed.state === 'ok' ? `cut short${ASKED_AGAIN}` : `${parsed.reason}${ASKED_AGAIN}`;
  return { ...paidRow(asking, answer, attempt, cost), status: 'failed', error };
}

/** Whether a row is one of {@link supersededRow}. */
export function isSuperseded({ status, error }: CallRow): boolean {
  return status === 'failed' && error?.endsWith(ASKED_AGAIN) === true;
}

/** The row of a request that failed; it may have been paid all the same. */
export function failureRow(
  asking: Asking,
  failure: CallFailure,
  attempt: number,
  { cost, finishedAt }: { readonly cost: Cost | null; readonly finishedAt: string },
): CallRow {
  return {
    ...baseRow(asking, attempt),
    ...costCells(cost),
    status: 'failed',
    error: `${failure.kind}: ${failure.message}`,
    raw_text: (failure.rawText ?? '').toWellFormed(),
    finished_at: finishedAt,
  };
}

function paidRow(asking: Asking, paid: PaidAnswer, attempt: number, cost: Cost | null): CallRow {
  const { answer, rung, startedAt, finishedAt } = paid;
  return {
    ...baseRow(asking, attempt),
    ...costCells(cost),
    model_returned: answer.modelReturned,
    finish_reason: answer.finishReason,
    raw_text: answer.rawText.toWellFormed(),
    rung,
    started_at: startedAt,
    finished_at: finishedAt,
  };
}

function costCells(
  cost: Cost | null,
): Pick<CallRow, 'tokens_in' | 'tokens_cached' | 'tokens_out' | 'cost_microusd' | 'cost_basis'> {
  return {
    tokens_in: cost?.usage.tokensIn ?? null,
    tokens_cached: cost?.usage.tokensCached ?? null,
    tokens_out: cost?.usage.tokensOut ?? null,
    cost_microusd: cost?.microusd ?? null,
    cost_basis: cost?.basis ?? null,
  };
}

function baseRow({ key, question, endpoint, mode, runId }: Asking, attempt: number): CallRow {
  return {
    key,
    task: question.task,
    source_id: question.sourceId,
    sample: question.sample,
    attempt,
    prompt_id: question.prompt.id,
    prompt_hash: question.prompt.hash,
    model_requested: endpoint.model,
    model_returned: null,
    params: JSON.stringify(endpoint.params),
    mode,
    status: 'ok',
    finish_reason: null,
    error: null,
    raw_text: '',
    endpoint: endpoint.baseUrl,
    ...NOT_RECORDED,
    run_id: runId,
  };
}
