import type { Measured } from './meter.js';

/** What a process is to do, handed over as JSON in its first argument. */
export interface Task {
  readonly baseUrl: string;
  /** Items as JSONL, one a call. */
  readonly items: string;
  readonly nCalls: number;
  readonly nWarmUp: number;
  readonly concurrency: number;
  readonly rssAt: readonly number[];
  /** A folder of its own. */
  readonly scratch: string;
}

export interface WholeRun {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}

export interface Result extends Measured {
  /** From the start to the data set, where one is made. */
  readonly whole?: WholeRun;
}

export const MODEL = 'recorded-answers';

export function readTask(): Task {
  return JSON.parse(process.argv[2]!) as Task;
}

/** Hand the result to the process that started this one, and let go of it. */
export function report(result: Result): void {
  process.send!(result, undefined, undefined, () => process.disconnect());
}
