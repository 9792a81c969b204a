export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

export interface AlarmOptions {
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly onRing: () => void;
}

/** Rings once, at the earliest time it was set to. */
export class Alarm {
  private set: { readonly atMs: number; readonly controller: AbortController } | null = null;

  constructor(private readonly options: AlarmOptions) {}

  ringIn(ms: number): void {
    const { now, sleep, onRing } = this.options;
    const atMs = now() + ms;
    if (this.set !== null && this.set.atMs <= atMs) return;
    this.cancel();
    const controller = new AbortController();
    const mine = { atMs, controller };
    this.set = mine;
    const ring = (): void => {
      if (this.set !== mine) return;
      this.set = null;
      onRing();
    };
    // Whole milliseconds, rounded up: timers that ring early would ring again and again.
    void sleep(Math.max(1, Math.ceil(ms)), controller.signal).then(ring, ring);
  }

  cancel(): void {
    this.set?.controller.abort();
    this.set = null;
  }
}
