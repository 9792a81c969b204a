import type { CallRow, Task } from '../../src/dataset/rows.js';

/** How many tokens the answers of a task have. */
export interface OutTokens {
  readonly nAnswers: number;
  readonly mean: number;
  /** The smallest number that half, or 95 of 100, answers do not pass. */
  readonly p50: number;
  readonly p95: number;
  /** `measured`: on paid answers of the same model; `assumed`: see {@link ASSUMED_OUT_TOKENS}. */
  readonly basis: 'measured' | 'assumed';
}

/** Fewer answers say too little of what the longest ones have. */
export const LEAST_ANSWERS = 20;

/**
 * Taken where too few answers are known: the recorded answers to the prompts of this package about 2,165 books, 840
 * topics and 760 kinds of readers, counted with the vocabulary of GPT-4o (o200k). Reasoning comes on top of it.
 */
export const ASSUMED_OUT_TOKENS: Readonly<Record<Task, OutTokens>> = {
  item2tag: { nAnswers: 2165, mean: 316.05, p50: 316, p95: 334, basis: 'assumed' },
  i2u: { nAnswers: 840, mean: 77.49, p50: 77, p95: 82, basis: 'assumed' },
  u2i: { nAnswers: 760, mean: 74.22, p50: 74, p95: 79, basis: 'assumed' },
};

/** Collects how long the answers of a model are; its memory grows with the longest one, not with their number. */
export class OutTokensTally {
  private readonly counts: Readonly<Record<Task, Map<number, number>>> = {
    item2tag: new Map(),
    i2u: new Map(),
    u2i: new Map(),
  };

  /** @param model answers of other models are left out */
  constructor(private readonly model: string) {}

  /** Count an answer that was paid and whose tokens the server told; rows of calls that failed are left out. */
  add({ task, status, model_requested, tokens_out }: CallRow): void {
    if (status === 'failed' || model_requested !== this.model || tokens_out === null) return;
    const counts = this.counts[task];
    counts.set(tokens_out, (counts.get(tokens_out) ?? 0) + 1);
  }

  /** What was counted, from {@link LEAST_ANSWERS} answers on; what is assumed, below. */
  of(task: Task): OutTokens {
    const counts = [...this.counts[task]].sort(([a], [b]) => a - b);
    const nAnswers = counts.reduce((sum, [, n]) => sum + n, 0);
    if (nAnswers < LEAST_ANSWERS) return ASSUMED_OUT_TOKENS[task];
    const mean = counts.reduce((sum, [tokens, n]) => sum + tokens * n, 0) / nAnswers;
    return { nAnswers, mean, p50: quantile(counts, 0.5), p95: quantile(counts, 0.95), basis: 'measured' };
  }
}

function quantile(counts: readonly (readonly [number, number])[], share: number): number {
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  let below = 0;
  for (const [tokens, n] of counts) {
    below += n;
    if (below >= share * total) return tokens;
  }
  return counts.at(-1)![0];
}
