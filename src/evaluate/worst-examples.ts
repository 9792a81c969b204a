import { ndcg } from '../metrics/ndcg.js';
import type { TagScore } from '../runtime/scores.js';

/** An item where student and teacher differ. */
export interface Example {
  readonly id: string;
  /** At most 300 characters. */
  readonly text: string;
  /** The student's tags, best first. */
  readonly student: readonly TagScore[];
  readonly teacher: readonly string[];
  readonly 'nDCG@10': number;
}

const N_KEPT = 8;
const TEXT_LENGTH = 300;

/** Keeps the items of lowest nDCG@10; of equal ones those of which the student was surest. */
export class WorstExamples {
  private kept: Example[] = [];

  add({ id, text, truth, scores }: ExampleItem): void {
    const value = ndcg(
      scores.map(({ tag }) => tag),
      truth,
      { k: 10 },
    );
    if (Number.isNaN(value)) return;
    const last = this.kept.at(-1);
    if (this.kept.length === N_KEPT && last !== undefined && value > last['nDCG@10']) return;
    this.kept.push({
      id,
      text: text.length > TEXT_LENGTH ? `${text.slice(0, TEXT_LENGTH).toWellFormed()}...` : text,
      student: scores.slice(0, 10),
      teacher: [...truth],
      'nDCG@10': value,
    });
    this.kept.sort((a, b) => a['nDCG@10'] - b['nDCG@10'] || sureness(b) - sureness(a));
    this.kept.length = Math.min(this.kept.length, N_KEPT);
  }

  list(): readonly Example[] {
    return this.kept;
  }
}

interface ExampleItem {
  readonly id: string;
  readonly text: string;
  readonly truth: ReadonlySet<string>;
  readonly scores: readonly TagScore[];
}

function sureness({ student }: Example): number {
  return student[0]?.score ?? 0;
}
