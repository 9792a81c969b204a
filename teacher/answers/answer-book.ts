import type { Direction, ItemTagRow, TagEdgeRow, Task } from '../../src/dataset/rows.js';
import type { AnsweredCall } from '../questions/call.js';
import { collectEdges, collectItemTags, type Answer } from './collect.js';

const KEPT_NOTES = 20;

interface AskedTag {
  readonly direction: Direction;
  readonly source: string;
  readonly answers: Answer[];
}

/** Holds the parsed answers of a run, without their texts, until the samples of each item and tag are complete. */
export class AnswerBook {
  nNotes = 0;
  /** The first notes, for people to read. */
  readonly notes: string[] = [];
  private readonly ofItem = new Map<string, Answer[]>();
  private readonly ofTag = new Map<string, AskedTag>();

  /** Take in a call; only `ok` ones become samples. */
  add({ call, parsed }: AnsweredCall): void {
    const { task, source_id: sourceId, sample, key: callKey } = call;
    this.note(task, sourceId, parsed.notes);
    if (parsed.state !== 'ok') return;
    const answer = { callKey, sample, tags: parsed.tags };
    if (task === 'item2tag') {
      entryOf(this.ofItem, sourceId, (): Answer[] => []).push(answer);
    } else {
      const key = `${task}\n${sourceId}`;
      entryOf(this.ofTag, key, () => ({ direction: task, source: sourceId, answers: [] })).answers.push(
        answer,
      );
    }
  }

  /** Collect an item's tags, from the samples given or from all. */
  itemTags(itemId: string, samples?: readonly number[]): ItemTagRow[] {
    const answers = this.ofItem.get(itemId) ?? [];
    const chosen = samples === undefined ? answers : answers.filter(({ sample }) => samples.includes(sample));
    return collectItemTags(itemId, chosen);
  }

  /** Collect all edges, source tags in the order first answered. */
  *edges(): Generator<TagEdgeRow> {
    for (const { direction, source, answers } of this.ofTag.values()) {
      yield* collectEdges(direction, source, answers);
    }
  }

  private note(task: Task, sourceId: string, notes: readonly string[]): void {
    this.nNotes += notes.length;
    for (const note of notes) {
      if (this.notes.length < KEPT_NOTES) this.notes.push(`${task} "${sourceId}": ${note}`);
    }
  }
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  let entry = map.get(key);
  if (entry === undefined) map.set(key, (entry = make()));
  return entry;
}
