import { SPACES, type Space } from '../../src/core/space.js';
import type { RowProblems } from '../../src/dataset/row-problems.js';
import type { Direction, Task } from '../../src/dataset/rows.js';
import type { Journal } from '../journal/journal.js';
import { readSourceTags } from '../questions/source-tags.js';
import { tagQuestions, type SourceTag, type TagQuestions } from '../questions/tag-questions.js';
import { KeyMap } from '../../src/core/key-map.js';
import type { KeyTable } from './key-table.js';
import type { SettledOptions } from './run-options.js';
import type { RunPrompts } from './run-prompts.js';
import { tagsOf, type RunSource } from './source-asker.js';
import { readSourceAnswers } from './stored-answers.js';

export interface TagSource extends RunSource, Pick<TagQuestions, 'direction' | 'tag'> {}

/** The directions among the tasks of a run. */
export function directionsOf(tasks: readonly Task[]): Direction[] {
  return tasks.filter((task) => task !== 'item2tag');
}

/** Read the source tags that a run was given. */
export function givenTags(
  path: string,
  { tasks, minUses, maxTags, signal }: SettledOptions,
  problems: RowProblems,
): Promise<SourceTag[]> {
  return readSourceTags(path, {
    directions: directionsOf(tasks),
    problems,
    minUses,
    ...(maxTags !== undefined && { maxTags }),
    ...(signal !== undefined && { signal }),
  });
}

/**
 * Choose source tags from those that a run gave to its items: normalised, the most used first, ties in the order of
 * the alphabet, so that the choice does not hang on the order of answers.
 */
export async function tagsOfItems(
  { tasks, samples, minUses, maxTags }: SettledOptions,
  { itemKeys: keys, journal }: { readonly itemKeys: KeyTable; readonly journal: Journal },
): Promise<SourceTag[]> {
  const uses: Record<Space, Map<string, number>> = { item: new Map(), user: new Map() };
  const seen = new KeyMap();
  for (let index = 0; index < keys.nSources; index++) {
    const place = { task: 'item2tag', sourceId: '', index } as const;
    const { answers } = await readSourceAnswers(place, { journal, keys, samples, seen });
    const tags = tagsOf(answers);
    for (const space of SPACES) {
      for (const tag of tags[space]) uses[space].set(tag, (uses[space].get(tag) ?? 0) + 1);
    }
  }
  return directionsOf(tasks).flatMap((direction) => {
    const counts = [...uses[direction === 'i2u' ? 'item' : 'user']].filter(([, n]) => n >= minUses);
    counts.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    return counts.slice(0, maxTags).map(([tag]) => ({ direction, tag }));
  });
}

/** The source tags in their order, each with its questions. */
export function* tagSources(
  tags: readonly SourceTag[],
  { kind }: SettledOptions,
  prompts: RunPrompts,
): Generator<TagSource> {
  let index = 0;
  for (const source of tagQuestions(tags, { prompts, ...(kind !== undefined && { kind }) })) {
    yield { index: index++, ...source };
  }
}
