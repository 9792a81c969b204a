import { setMaxListeners } from 'node:events';
import type { FailureClass } from '../client/failure.js';

/** The run ends as it was told to, and its data set is written. */
export interface OrderlyStop {
  readonly kind: 'budget' | 'recall' | 'offline';
  readonly message: string;
}

/** Why a run asks no further. */
export type StopReason =
  | OrderlyStop
  | { readonly kind: 'interrupted' | 'journal'; readonly message: string; readonly cause: unknown }
  | {
      readonly kind: 'endpoint';
      readonly message: string;
      readonly failure: FailureClass;
      readonly cause: unknown;
    };

/** Tells all parts of a run to ask no further; calls in flight end, as they are paid. The first reason counts. */
export class RunStop {
  private readonly controller = new AbortController();
  private first: StopReason | null = null;

  /** @param given the caller's signal: it stops the run as well */
  constructor(given?: AbortSignal) {
    // All waits of a run hear of it.
    setMaxListeners(0, this.controller.signal);
    if (given === undefined) return;
    const interrupt = (): void => {
      this.stop({ kind: 'interrupted', message: 'the run was stopped', cause: given.reason });
    };
    if (given.aborted) interrupt();
    else given.addEventListener('abort', interrupt, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get reason(): StopReason | null {
    return this.first;
  }

  isStopped(): boolean {
    return this.controller.signal.aborted;
  }

  stop(reason: StopReason): void {
    this.first ??= reason;
    this.controller.abort();
  }
}

/** Whether what was answered is written as a data set. */
export function isOrderly(reason: StopReason): reason is OrderlyStop {
  return reason.kind === 'budget' || reason.kind === 'recall' || reason.kind === 'offline';
}
