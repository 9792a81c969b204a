import { SPACES, type Space } from '../../src/core/space.js';
import { normaliseTag } from '../../src/tags/index.js';
import type { Answer } from '../answers/collect.js';
import type { Question } from '../questions/question.js';
import { agreement } from './agreement.js';
import type { Asker, Outcome } from './asker.js';
import type { KeyTable } from './key-table.js';

/** An item or a source tag that the teacher is asked about. */
export interface RunSource {
  /** Its place among the sources of its kind, from 0. */
  readonly index: number;
  question(sample: number): Promise<Question>;
}

export interface SourceAskerParts {
  readonly cheap: Asker;
  /** Asked where the cheap one's samples disagree, or one of them has no usable answer. */
  readonly strong: Asker | null;
  readonly samples: number;
  readonly strongSamples: number;
  /** Least agreement of the samples, in [0, 1], with which the strong model is not asked. */
  readonly leastAgreement: number;
  /** Places [samples + strongSamples] of each source. */
  readonly keys: KeyTable;
}

/** How many sources were settled, and by whom. */
export interface CascadeTally {
  nSources: number;
  nEscalated: number;
  /** Sums over the sources with two usable samples or more. */
  agreementSum: number;
  nCompared: number;
}

/** Puts all questions about a source: the cheap model's samples, then the strong one's where they are needed. */
export class SourceAsker {
  readonly tally: CascadeTally = { nSources: 0, nEscalated: 0, agreementSum: 0, nCompared: 0 };

  constructor(private readonly parts: SourceAskerParts) {}

  /** @returns the usable answers that count, the strong ones where there are some; null if the run stopped first */
  async ask(source: RunSource): Promise<readonly Answer[] | null> {
    const { cheap, strong, samples, strongSamples } = this.parts;
    const outcomes = await this.askSamples(cheap, source, { nSamples: samples, firstPlace: 0 });
    if (outcomes.some(({ state }) => state === 'stopped')) return null;
    const answers = usable(outcomes);
    this.tally.nSources++;
    if (strong === null || this.isSettled(answers)) return answers;
    this.tally.nEscalated++;
    const second = await this.askSamples(strong, source, { nSamples: strongSamples, firstPlace: samples });
    if (second.some(({ state }) => state === 'stopped')) return null;
    const better = usable(second);
    return better.length > 0 ? better : answers;
  }

  private isSettled(answers: readonly Answer[]): boolean {
    const { samples, leastAgreement } = this.parts;
    const value = agreement(answers);
    if (!Number.isNaN(value)) {
      this.tally.agreementSum += value;
      this.tally.nCompared++;
    }
    return answers.length === samples && !(value < leastAgreement);
  }

  private async askSamples(
    asker: Asker,
    source: RunSource,
    { nSamples, firstPlace }: { readonly nSamples: number; readonly firstPlace: number },
  ): Promise<Outcome[]> {
    const outcomes = Array.from({ length: nSamples }, async (_, sample) => {
      const outcome = await asker.ask(await source.question(sample));
      this.parts.keys.set(source.index, firstPlace + sample, outcome.key);
      return outcome;
    });
    // All of them end before the first error is heard: what is in flight is paid.
    await Promise.allSettled(outcomes);
    return Promise.all(outcomes);
  }
}

/** The normalised tags of an item over its answers, a space, each once. */
export function tagsOf(answers: readonly Answer[]): Record<Space, string[]> {
  const tags: Record<Space, string[]> = { item: [], user: [] };
  for (const space of SPACES) {
    const named = answers.flatMap((answer) => answer.tags[space] ?? []);
    tags[space] = [...new Set(named.map(({ raw }) => normaliseTag(raw)))];
  }
  return tags;
}

function usable(outcomes: readonly Outcome[]): Answer[] {
  return outcomes.flatMap((outcome) => {
    return outcome.state === 'answered' && outcome.answer !== null ? [outcome.answer] : [];
  });
}
