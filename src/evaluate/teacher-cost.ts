import { readArrowRows } from '../dataset/arrow-reader.js';
import { tablePath } from '../dataset/files.js';
import { isThere } from '../core/is-there.js';

/** What the teacher's answers cost; costs that were not recorded are not guessed. */
export interface TeacherCost {
  /** Calls of every task. */
  readonly nCalls: number;
  /** Calls whose cost was recorded. */
  readonly nRecorded: number;
  /** US dollars over the recorded calls; null where none was. */
  readonly totalUsd: number | null;
  /** US dollars a recorded call that tagged an item (task `item2tag`); null where none was. */
  readonly meanItemUsd: number | null;
  /** Models that answered, as recorded, in order of first answer. */
  readonly models: readonly string[];
}

/** Add up the recorded costs of a data set's calls; null where the path is no data set folder with calls. */
export async function describeCost(labels: string): Promise<TeacherCost | null> {
  const path = tablePath(labels, 'calls');
  if (!(await isThere(path))) return null;
  let nCalls = 0;
  const all = { n: 0, microUsd: 0 };
  const item = { n: 0, microUsd: 0 };
  const models = new Set<string>();
  for await (const calls of readArrowRows(path, 'calls')) {
    for (const { task, cost_microusd: cost, model_returned, model_requested } of calls) {
      nCalls++;
      const model = model_returned ?? model_requested;
      if (model !== null) models.add(model);
      if (cost === null) continue;
      for (const sum of task === 'item2tag' ? [all, item] : [all]) {
        sum.n++;
        sum.microUsd += cost;
      }
    }
  }
  return {
    nCalls,
    nRecorded: all.n,
    totalUsd: all.n === 0 ? null : all.microUsd / 1e6,
    meanItemUsd: item.n === 0 ? null : item.microUsd / item.n / 1e6,
    models: [...models],
  };
}
