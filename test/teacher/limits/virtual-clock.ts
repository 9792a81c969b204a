interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that stands still until all that can happen now has happened. */
export class VirtualClock {
  private ms = 0;
  private sleepers: Sleeper[] = [];

  readonly now = (): number => this.ms;

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const sleeper = { atMs: this.ms + ms, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(new Error('no longer needed'));
      });
    });

  get nSleeping(): number {
    return this.sleepers.length;
  }

  /** Let all happen that needs no time. */
  async settle(): Promise<void> {
    await new Promise(setImmediate);
  }

  /** Let time pass up to a moment. */
  async runUntil(ms: number): Promise<void> {
    await this.settle();
    for (let next = this.next(); next !== null && next.atMs <= ms; next = this.next()) await this.wake(next);
    this.ms = Math.max(this.ms, ms);
  }

  /** Let time pass until nobody sleeps. */
  async runOut(): Promise<void> {
    await this.settle();
    for (let next = this.next(); next !== null; next = this.next()) await this.wake(next);
  }

  private next(): Sleeper | null {
    return this.sleepers.reduce<Sleeper | null>(
      (first, sleeper) => (first !== null && first.atMs <= sleeper.atMs ? first : sleeper),
      null,
    );
  }

  private async wake(sleeper: Sleeper): Promise<void> {
    this.sleepers = this.sleepers.filter((other) => other !== sleeper);
    this.ms = Math.max(this.ms, sleeper.atMs);
    sleeper.wake();
    await this.settle();
  }
}
