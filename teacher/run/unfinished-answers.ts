import type { CallRow, Task } from '../../src/dataset/rows.js';
import type { ChatAnswer } from '../client/chat-client.js';
import type { Journal } from '../journal/journal.js';
import { OutTokensTally, type OutTokens } from '../money/out-tokens.js';
import { isSuperseded } from './call-rows.js';

/** What earlier runs left in a journal that this one goes on from. */
export interface JournalPast {
  readonly outTokens: Readonly<Partial<Record<Task, OutTokens>>>;
  /**
   * Answers by key that were paid, could not stand, and were not followed by one that does: asking goes on from them,
   * in their order. The questions under way when a run ends are few, and so are these.
   */
  readonly unfinished: ReadonlyMap<string, readonly ChatAnswer[]>;
}

/** Read a journal once for what is to be known before a run. */
export async function readPast(
  journal: Journal | null,
  { model, tasks }: { readonly model: string; readonly tasks: readonly Task[] },
): Promise<JournalPast> {
  const tally = new OutTokensTally(model);
  const unfinished = new Map<string, ChatAnswer[]>();
  if (journal !== null && journal.nCalls > 0) {
    for await (const call of journal.calls()) {
      tally.add(call);
      if (!isSuperseded(call) || journal.has(call.key)) continue;
      unfinished.set(call.key, [...(unfinished.get(call.key) ?? []), storedAnswer(call)]);
    }
  }
  return { outTokens: Object.fromEntries(tasks.map((task) => [task, tally.of(task)])), unfinished };
}

function storedAnswer({ raw_text, finish_reason, model_returned }: CallRow): ChatAnswer {
  return {
    rawText: raw_text,
    finishReason: finish_reason,
    modelReturned: model_returned,
    usage: null,
    logprobs: null,
    limits: null,
    refusal: null,
  };
}
