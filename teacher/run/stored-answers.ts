import type { CallRow, ItemTagRow, TagEdgeRow, Task } from '../../src/dataset/rows.js';
import { normaliseTag } from '../../src/tags/index.js';
import { collectEdges, collectItemTags, type Answer } from '../answers/collect.js';
import { parseAnswer } from '../answers/parse-answer.js';
import type { Journal } from '../journal/journal.js';
import type { KeyMap } from '../../src/core/key-map.js';
import type { KeyTable } from './key-table.js';

export interface SourceAnswers {
  /** Rows of `calls` in order of sample, the strong model's numbered on from the cheap one's. */
  readonly calls: readonly CallRow[];
  /** The usable answers that count: the strong model's where there are some. */
  readonly answers: readonly Answer[];
  /** What could not be used as given. */
  readonly notes: readonly string[];
  readonly nUnparseable: number;
  readonly logprobs: ReadonlyMap<string, number>;
}

/** Where to find the answers about a source. */
export interface StoredPlace {
  readonly task: Task;
  readonly sourceId: string;
  readonly index: number;
}

export interface StoredAnswersParts {
  readonly journal: Journal;
  readonly keys: KeyTable;
  /** Number of places that are the cheap model's. */
  readonly samples: number;
  /** Gains the keys that are read. */
  readonly seen: KeyMap;
}

/**
 * Read all answers about one source back from the journal. A call that several sources share is a row of each; the
 * first of them alone says what it cost.
 */
export async function readSourceAnswers(
  { task, sourceId, index }: StoredPlace,
  { journal, keys, samples, seen }: StoredAnswersParts,
): Promise<SourceAnswers> {
  const calls: CallRow[] = [];
  const cheap: Answer[] = [];
  const strong: Answer[] = [];
  const notes: string[] = [];
  const logprobs = new LogprobMeans();
  for (let place = 0; place < keys.nPlaces; place++) {
    const key = keys.get(index, place);
    if (key === null) continue;
    const isFirst = seen.add(key);
    const call = await journal.find(key);
    if (call === null) continue;
    calls.push({ ...call, ...(isFirst ? {} : UNPAID), source_id: sourceId, sample: place });
    const parsed = parseAnswer(task, call.raw_text, { isCut: call.finish_reason === 'length' });
    if (parsed.state !== 'ok') continue;
    notes.push(...parsed.notes.map((note) => `${task} "${sourceId}": ${note}`));
    (place < samples ? cheap : strong).push({ callKey: call.key, sample: place, tags: parsed.tags });
  }
  const answers = strong.length > 0 ? strong : cheap;
  const counted = new Set(answers.map(({ sample }) => sample));
  for (const call of calls) if (counted.has(call.sample)) logprobs.add(call);
  const nUnparseable = calls.length - cheap.length - strong.length;
  return { calls, answers, notes, nUnparseable, logprobs: logprobs.means() };
}

/** The item's rows of `item_tags`, each with its mean log-probability over the answers that give one. */
export function itemTagRows(itemId: string, { answers, logprobs }: SourceAnswers): ItemTagRow[] {
  return collectItemTags(itemId, answers).map((row) => ({ ...row, logprob: logprobs.get(row.tag) ?? null }));
}

/** The source tag's rows of `tag_edges`. */
export function tagEdgeRows({ task, sourceId }: StoredPlace, { answers }: SourceAnswers): TagEdgeRow[] {
  return task === 'item2tag' ? [] : collectEdges(task, sourceId, answers);
}

const UNPAID = {
  tokens_in: null,
  tokens_cached: null,
  tokens_out: null,
  cost_microusd: null,
  cost_basis: null,
};

class LogprobMeans {
  private readonly sums = new Map<string, { sum: number; n: number }>();

  add({ logprobs }: CallRow): void {
    if (logprobs === null) return;
    for (const [raw, logprob] of JSON.parse(logprobs) as [string, number][]) {
      const tag = normaliseTag(raw);
      const { sum, n } = this.sums.get(tag) ?? { sum: 0, n: 0 };
      this.sums.set(tag, { sum: sum + logprob, n: n + 1 });
    }
  }

  means(): Map<string, number> {
    return new Map(Array.from(this.sums, ([tag, { sum, n }]) => [tag, sum / n]));
  }
}
