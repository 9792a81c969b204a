import { cpus } from 'node:os';
import type { Scorer, ScoreInput } from '../runtime/scorer.js';

/** Size and speed of a student. */
export interface BundleFacts {
  readonly sizeBytes: number;
  readonly nParameters: number;
  /** Single calls, one item each, one thread. */
  readonly latency: { readonly nCalls: number; readonly medianMs: number; readonly p99Ms: number };
  readonly cpu: string;
}

/** Read the size of a loaded student, and time single calls on some items. */
export async function measureFacts(scorer: Scorer, items: readonly ScoreInput[]): Promise<BundleFacts> {
  const { files, model } = scorer.manifest;
  for (const item of items.slice(0, 20)) await scorer.score(item); // warm-up
  const durations: number[] = [];
  for (const item of items) {
    const started = performance.now();
    await scorer.score(item);
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
