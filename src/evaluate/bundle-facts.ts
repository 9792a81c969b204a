import { cpus } from 'node:os';
import type { Scorer } from '../runtime/scorer.js';

/** Size and speed of a student. */
export interface BundleFacts {
  readonly sizeBytes: number;
  readonly nParameters: number;
  /** Single calls, one text each, one thread. */
  readonly latency: { readonly nCalls: number; readonly medianMs: number; readonly p99Ms: number };
  readonly cpu: string;
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
