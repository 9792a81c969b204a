import type { Task } from '../../src/dataset/rows.js';
import type { Journal } from '../journal/journal.js';
import { ASSUMED_OUT_TOKENS, OutTokensTally, type OutTokens } from '../money/out-tokens.js';

/** How long the answers to each task are: by the journal's own where it has enough of the model, else as assumed. */
export async function outTokensOf(
  tasks: readonly Task[],
  { model, journal }: { readonly model: string; readonly journal: Journal | null },
): Promise<Partial<Record<Task, OutTokens>>> {
  if (journal === null || journal.nCalls === 0) {
    return Object.fromEntries(tasks.map((task) => [task, ASSUMED_OUT_TOKENS[task]]));
  }
  const tally = new OutTokensTally(model);
  for await (const call of journal.calls()) tally.add(call);
  return Object.fromEntries(tasks.map((task) => [task, tally.of(task)]));
}

/** The longest of the tasks' 95th percentiles. */
export function longestP95(outTokens: Partial<Record<Task, OutTokens>>): number {
  return Math.max(...Object.values(outTokens).map(({ p95 }) => p95));
}
