import { ChatClient } from '../client/chat-client.js';
import { OutputLadder } from '../client/output-ladder.js';
import type { Journal } from '../journal/journal.js';
import { Limiter } from '../limits/limiter.js';
import type { Price } from '../money/prices.js';
import type { ModelEndpoint } from '../questions/question.js';
import { Asker } from './asker.js';
import type { SettledOptions, TeacherModel } from './run-options.js';
import { TeacherRequests, type SharedParts } from './teacher-requests.js';
import type { JournalPast } from './unfinished-answers.js';

export interface OpenTeacher {
  readonly asker: Asker;
  readonly limiter: Limiter;
  close(): Promise<void>;
}

export interface OpenTeacherParts extends SharedParts {
  readonly journal: Journal;
  readonly runId: string;
  readonly price: Price | null;
  readonly past: JournalPast;
  readonly unwritten: Limiter;
}

/** What is asked of a model, as it stands in keys, rows and metadata. */
export function endpointOf({ baseUrl, model, params = {} }: TeacherModel): ModelEndpoint {
  return { baseUrl, model, params };
}

/** Connect a model: its client, limits, output ladder and what asks by them. Nothing is sent yet. */
export function openTeacher(
  model: TeacherModel,
  { concurrency, timeoutMs, logprobs = false, now, elapsed }: SettledOptions,
  { journal, runId, price, past, unwritten, ...shared }: OpenTeacherParts,
): OpenTeacher {
  const { baseUrl, apiKey = 'none', requestsPerMinute, tokensPerMinute } = model;
  const client = new ChatClient({
    baseUrl,
    apiKey,
    connections: concurrency,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const limiter = new Limiter({
    concurrency,
    now: elapsed,
    random: shared.random,
    sleep: shared.sleep,
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
  });
  const requests = new TeacherRequests({ client, limiter, price, tokensOutP95: longestOf(past) }, shared);
  const asker = new Asker({
    endpoint: endpointOf(model),
    requests,
    ladder: new OutputLadder(),
    journal,
    stop: shared.stop,
    tally: shared.tally,
    runId,
    logprobs,
    unfinished: past.unfinished,
    unwritten,
    now,
  });
  return { asker, limiter, close: () => client.close() };
}

function longestOf({ outTokens }: JournalPast): number {
  return Math.max(...Object.values(outTokens).map(({ p95 }) => p95));
}
