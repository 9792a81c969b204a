const MINUTE_MS = 60_000;

/**
 * Paces amounts: a store that fills evenly and is taken from.
 *
 * It holds what a second brings, at least 1, and fills a little slower than its rate, so that no 60 s, full store
 * included, give more than the rate in amounts of 1. An amount above its size waits until it is full and leaves it in
 * debt, a minute's worth at most: it goes through, alone.
 */
export class TokenBucket {
  private size: number;
  private perMs: number;
  private level: number;

  /** @param atMs the time, by the clock of all later calls */
  constructor(
    private perMinute: number,
    private atMs: number,
  ) {
    this.size = sizeOf(perMinute);
    this.perMs = rateOf(perMinute);
    this.level = this.size;
  }

  /** How long until an amount can be taken; 0: now. */
  waitMs(amount: number, nowMs: number): number {
    this.fill(nowMs);
    return Math.max(0, Math.min(amount, this.size) - this.level) / this.perMs;
  }

  take(amount: number, nowMs: number): void {
    this.fill(nowMs);
    this.level = Math.max(this.level - amount, -this.perMinute);
  }

  /** Give no more than is said to be left. */
  lowerTo(remaining: number, nowMs: number): void {
    this.fill(nowMs);
    this.level = Math.min(this.level, Math.max(0, remaining));
  }

  setRate(perMinute: number, nowMs: number): void {
    this.fill(nowMs);
    this.perMinute = perMinute;
    this.size = sizeOf(perMinute);
    this.perMs = rateOf(perMinute);
    this.level = Math.min(this.level, this.size);
  }

  private fill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.atMs);
    this.atMs += elapsedMs;
    this.level = Math.min(this.size, this.level + elapsedMs * this.perMs);
  }
}

// Whole, so that amounts of 1 add up to it.
function sizeOf(perMinute: number): number {
  return Math.max(1, Math.floor(perMinute / 60));
}

function rateOf(perMinute: number): number {
  return (perMinute - sizeOf(perMinute) + 1) / MINUTE_MS;
}
