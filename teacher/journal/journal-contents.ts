import type { CallRow } from '../../src/dataset/rows.js';
import { CallIndex } from './call-index.js';

/** What a journal holds, in numbers, and where the answers stand. */
export class JournalContents {
  nCalls = 0;
  spentMicrousd = 0;
  /** Of `ok` and `unparseable` calls: the others answer nothing. */
  readonly answers = new CallIndex();

  add(
    { key, attempt, status, cost_microusd }: CallRow,
    place: { readonly segment: number; readonly offset: number; readonly sizeBytes: number },
  ): void {
    this.nCalls++;
    this.spentMicrousd += cost_microusd ?? 0;
    if (status !== 'failed') this.answers.set(key, { ...place, attempt });
  }
}
