import { TagdistillError } from '../../src/core/errors.js';
import type { RunTeacherOptions } from '../run/run-options.js';

/** How a run uses the batch interface of its server. */
export interface BatchOptions {
  /** Requests in one batch at most. */
  readonly maxRequests?: number;
  /** Size of the file of one batch at most. */
  readonly maxBytes?: number;
  /** Input tokens, by estimate, of all batches under way at most; the server has a limit for each model. */
  readonly maxQueuedTokens?: number;
  /** How often questions without an answer are submitted in all. */
  readonly maxRounds?: number;
  /** Time between two looks at the batches; by default 10 s, growing to 2 minutes while nothing changes. */
  readonly pollMs?: number;
  /** Ask online, at the full price, what the batches left without an answer. */
  readonly fallback?: boolean;
}

export interface RunTeacherBatchOptions extends RunTeacherOptions {
  readonly batch?: BatchOptions;
}

export interface SettledBatchOptions extends Required<Omit<BatchOptions, 'pollMs'>> {
  readonly firstPollMs: number;
  readonly longestPollMs: number;
}

const POLL_MS = 10_000;
const LONGEST_POLL_MS = 120_000;

/**
 * Fill in the defaults: a little less than the 50,000 requests and 200 MB that OpenAI takes.
 *
 * @throws TagdistillError `E_BAD_OPTION` for what no batch can do
 */
export function settleBatchOptions({
  maxRequests = 50_000,
  maxBytes = 190_000_000,
  maxQueuedTokens = Number.MAX_SAFE_INTEGER,
  maxRounds = 3,
  pollMs,
  fallback = false,
}: BatchOptions = {}): SettledBatchOptions {
  const numbers = { maxRequests, maxBytes, maxQueuedTokens, maxRounds, pollMs: pollMs ?? 1 };
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new TagdistillError('E_BAD_OPTION', `${name} of the batches is ${value}`, {
      hint: 'Give a whole number from 1 up.',
    });
  }
  return {
    ...{ maxRequests, maxBytes, maxQueuedTokens, maxRounds, fallback },
    firstPollMs: pollMs ?? POLL_MS,
    longestPollMs: pollMs ?? LONGEST_POLL_MS,
  };
}

/**
 * Refuse what needs some answers before others are asked for.
 *
 * @throws TagdistillError `E_BAD_OPTION`
 */
export function refuseWhatBatchesCannot({
  strong,
  stopWhenRecall,
}: Pick<RunTeacherOptions, 'strong' | 'stopWhenRecall'>): void {
  if (strong !== undefined) {
    throw new TagdistillError('E_BAD_OPTION', 'a cascade does not run in batches', {
      hint: 'Run the first model alone with --batch and --samples 2, then the same command without --batch and with the strong model: answers that are there are not asked again.',
    });
  }
  if (stopWhenRecall === undefined) return;
  throw new TagdistillError('E_BAD_OPTION', 'batches come back as a whole, so none can stop by its recall', {
    hint: 'Leave out --stop-when-recall, or --batch.',
  });
}
