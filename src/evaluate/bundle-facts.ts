import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import { readArrowRows } from '../dataset/arrow-reader.js';
import { tablePath } from '../dataset/files.js';
import type { Scorer } from '../runtime/scorer.js';

/** Size and speed of a student. */
export interface BundleFacts {
  readonly sizeBytes: number;
  readonly nParameters: number;
  /** Single calls, one text each, one thread. */
  readonly latency: { readonly nCalls: number; readonly medianMs: number; readonly p99Ms: number };
  readonly cpu: string;
}

/** What the teacher's answers cost; costs that were not recorded are not guessed. */
export interface TeacherCost {
  readonly nCalls: number;
  /** Calls whose cost was recorded. */
  readonly nRecorded: number;
  /** US dollars over the recorded calls; null where none was. */
  readonly totalUsd: number | null;
}

/** Read the size of a loaded student, and time single calls on some texts. */
export async function measureFacts(scorer: Scorer, texts: readonly string[]): Promise<BundleFacts> {
  const { files, model } = scorer.manifest;
  for (const text of texts.slice(0, 20)) await scorer.score(text); // warm-up
  const durations: number[] = [];
  for (const text of texts) {
    const started = performance.now();
    await scorer.score(text);
    durations.push(performance.now() - started);
  }
  durations.sort((a, b) => a - b);
  const at = (share: number): number => durations[Math.floor(durations.length * share)] ?? NaN;
  return {
    sizeBytes: Object.values(files).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    nParameters: model.nParameters,
    latency: { nCalls: durations.length, medianMs: at(0.5), p99Ms: at(0.99) },
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
  };
}

/** Add up the recorded costs of a data set's calls; null where the path is no data set folder with calls. */
export async function describeCost(labels: string): Promise<TeacherCost | null> {
  const path = tablePath(labels, 'calls');
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  let [nCalls, nRecorded, microUsd] = [0, 0, 0];
  for await (const calls of readArrowRows(path, 'calls')) {
    for (const { cost_microusd: cost } of calls) {
      nCalls++;
      if (cost === null) continue;
      nRecorded++;
      microUsd += cost;
    }
  }
  return { nCalls, nRecorded, totalUsd: nRecorded === 0 ? null : microUsd / 1e6 };
}
