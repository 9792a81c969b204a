import { existsSync } from 'node:fs';
import type { TagdistillError } from '../../src/core/errors.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import type { Task } from '../../src/dataset/rows.js';
import { Journal } from '../journal/journal.js';
import { PlanTally, type Plan } from '../money/plan.js';
import { questionKey } from '../questions/question.js';
import { countItems, itemSources } from './item-sources.js';
import { KeyMap } from '../../src/core/key-map.js';
import { endpointOf } from './open-teacher.js';
import { passOver } from './pass-over.js';
import { settleOptions, type RunTeacherOptions, type SettledOptions } from './run-options.js';
import { priceModels } from './run-prices.js';
import { loadPrompts } from './run-prompts.js';
import { readPast } from './unfinished-answers.js';
import { directionsOf, givenTags, tagSources } from './tag-sources.js';

export interface PlannedTask {
  readonly task: Task;
  readonly model: string;
  readonly plan: Plan;
}

/** What a run would ask, and what that would cost. */
export interface PlanReport {
  readonly plans: readonly PlannedTask[];
  readonly nItems: number;
  readonly nProblems: number;
  readonly problems: readonly TagdistillError[];
  /** What the numbers leave out. */
  readonly notes: readonly string[];
}

/**
 * Tell what {@link runTeacher} would ask, of which the journal has some, and what tokens and money it would take.
 * Nothing is asked.
 *
 * @throws TagdistillError what the options, the items, the prompts, the prices and the journal give cause for
 */
export async function planTeacher(
  options: RunTeacherOptions,
  { isBatch = false }: { readonly isBatch?: boolean } = {},
): Promise<PlanReport> {
  // A plan of what a budget cannot pay for is what it is there for.
  const { budgetMicrousd: _, ...unlimited } = options;
  const settled = settleOptions(unlimited);
  const prompts = loadPrompts(settled);
  const prices = await priceModels(settled);
  const problems = new RowProblems(settled.strict ?? false);
  const { nItems } = await countItems(settled, prompts, problems);
  const tags = settled.tags === undefined ? [] : await givenTags(settled.tags, settled, problems);
  const signal = settled.signal && { signal: settled.signal };
  const journal = existsSync(settled.journal) ? await Journal.open(settled.journal, signal) : null;
  try {
    const endpoint = endpointOf(settled.teacher);
    const { outTokens } = await readPast(journal, { model: endpoint.model, tasks: settled.tasks });
    const plans: PlannedTask[] = [];
    const seen = new KeyMap();
    for (const task of settled.tasks) {
      const tally = new PlanTally();
      let nSources = 0;
      const sources =
        task === 'item2tag'
          ? itemSources(settled, prompts)
          : tagSources(
              tags.filter(({ direction }) => direction === task),
              settled,
              prompts,
            );
      for await (const source of sources) {
        for (let sample = 0; sample < settled.samples; sample++) {
          const question = await source.question(sample).catch((error: unknown) => passOver(error, problems));
          if (question === null) break;
          const key = questionKey(question, endpoint);
          tally.add(question, !seen.add(key) || journal?.has(key) === true);
        }
        settled.onProgress?.({ stage: `plan ${task}`, done: ++nSources });
      }
      plans.push({
        task,
        model: endpoint.model,
        plan: tally.plan({ endpoint, price: prices.teacher, outTokens, isBatch }),
      });
    }
    const { count: nProblems, first } = problems;
    return { plans, nItems, nProblems, problems: first, notes: notesOf(settled) };
  } finally {
    await journal?.close();
  }
}

function notesOf({ tasks, tags, strong }: SettledOptions): string[] {
  const notes: string[] = [];
  const directions = directionsOf(tasks);
  if (directions.length > 0 && tags === undefined) {
    notes.push(`${directions.join(' and ')} will ask about the tags of the items, which are not known yet`);
  }
  if (strong !== undefined)
    notes.push(`what ${strong.model} is asked depends on the answers of the first model`);
  return notes;
}
