import { ndcg } from '../metrics/ndcg.js';
import type { TagScore } from '../runtime/scores.js';

/** A tag that the teacher gave an item; the strength is null where none was given. */
export interface TeacherTag {
  readonly tag: string;
  readonly strength: number | null;
}

/** An item where student and teacher differ. */
export interface Example {
  readonly id: string;
  /** At most 300 characters. */
  readonly text: string;
  /** The student's ten best tags, best first. */
  readonly student: readonly TagScore[];
  /** In the teacher's order. */
  readonly teacher: readonly TeacherTag[];
  readonly 'nDCG@10': number;
}

export interface ExampleItem {
  readonly id: string;
  readonly text: string;
  readonly truth: ReadonlySet<string>;
  readonly scores: readonly TagScore[];
  readonly strengths?: ReadonlyMap<string, number> | undefined;
}

const N_KEPT = 20;
const TEXT_LENGTH = 300;

/** Keeps the items of lowest nDCG@10; of equal ones those of which the student was surest. */
export class WorstExamples {
  private readonly kept: { readonly item: ExampleItem; readonly value: number; readonly sureness: number }[] =
    [];

  /** @param ranking the tags of `scores` */
  add(item: ExampleItem, ranking: readonly string[]): void {
    const value = ndcg(ranking, item.truth, { k: 10 });
    if (Number.isNaN(value)) return;
    const sureness = item.scores[0]?.score ?? 0;
    if (this.kept.length === N_KEPT) {
      const last = this.kept[N_KEPT - 1]!;
      if (value > last.value || (value === last.value && sureness <= last.sureness)) return;
      this.kept.pop();
    }
    this.kept.push({ item, value, sureness });
    this.kept.sort((a, b) => a.value - b.value || b.sureness - a.sureness);
  }

  list(): readonly Example[] {
    return this.kept.map(({ item: { id, text, truth, scores, strengths }, value }) => ({
      id,
      text: shorten(text),
      student: scores.slice(0, 10),
      teacher: Array.from(truth, (tag) => ({ tag, strength: strengths?.get(tag) ?? null })),
      'nDCG@10': value,
    }));
  }
}

/** Cut a text between words, else between characters as a reader sees them: an emoji of several code points stays whole. */
function shorten(text: string): string {
  if (text.length <= TEXT_LENGTH) return text;
  const start = text.slice(0, TEXT_LENGTH + 1);
  let end = start.lastIndexOf(' ');
  if (end < TEXT_LENGTH / 2) for (const { index } of new Intl.Segmenter().segment(start)) end = index;
  return `${text.slice(0, end).trimEnd()}...`;
}
