import { createHash } from 'node:crypto';
import { Journal } from '../../../teacher/journal/journal.js';
import type { CallRow } from '../../../src/dataset/rows.js';

/** The key of the n-th question. */
export function keyOf(n: number): string {
  return createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
}

/** A call as a run makes it: the n-th question, answered, for 7 micro-dollars. */
export function callOf(n: number, changes: Partial<CallRow> = {}): CallRow {
  return {
    key: keyOf(n),
    task: 'item2tag',
    source_id: `item ${n}`,
    sample: 0,
    attempt: 1,
    prompt_id: 'item2tag.v1',
    prompt_hash: 'f00d',
    model_requested: 'some-model',
    model_returned: 'some-model',
    params: '{"temperature":0}',
    mode: 'online',
    status: 'ok',
    finish_reason: 'stop',
    error: null,
    raw_text: `{"item_tags":["violin ${n}"],"user_tags":["string players"]}`,
    endpoint: 'http://localhost:1/v1',
    rung: 'json_object',
    logprobs: null,
    tokens_in: 100,
    tokens_cached: 0,
    tokens_out: 20,
    cost_microusd: 7,
    cost_basis: 'measured',
    started_at: '2026-01-01T00:00:00.000Z',
    finished_at: '2026-01-01T00:00:01.000Z',
    run_id: 'run',
    ...changes,
  };
}

export async function allCalls(journal: Journal): Promise<CallRow[]> {
  const calls: CallRow[] = [];
  for await (const call of journal.calls()) calls.push(call);
  return calls;
}

/** Append calls at once, in a session of their own. */
export async function writeCalls(dir: string, calls: readonly CallRow[]): Promise<void> {
  const journal = await Journal.open(dir);
  try {
    await Promise.all(calls.map((call) => journal.append(call)));
  } finally {
    await journal.close();
  }
}

/** Open a journal, read all of it, and close it. */
export async function readJournal(dir: string): Promise<{ calls: CallRow[]; notices: string[] }> {
  const notices: string[] = [];
  const journal = await Journal.open(dir, { onNotice: (text) => notices.push(text) });
  try {
    return { calls: await allCalls(journal), notices };
  } finally {
    await journal.close();
  }
}
