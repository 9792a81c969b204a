/** Refusals come within a second, as a rule: later ones are of calls that started later. */
const LATE_MS = 1000;

export interface Refusal {
  readonly nowMs: number;
  /** Whether no call may start, so that it is of one from before the pause. */
  readonly isPaused: boolean;
}

/**
 * How many calls may be in flight: halved when the server says that it is too much, at most once for the calls of one
 * round, and raised by one for each round of successes.
 */
export class AdaptiveConcurrency {
  private allowed: number;
  private round = 0;
  /** Calls in flight that had started before the last halving. */
  private nOfOldRounds = 0;
  private nInFlight = 0;
  private halvedAtMs = -Infinity;

  constructor(private readonly most: number) {
    this.allowed = most;
  }

  get limit(): number {
    return Math.floor(this.allowed);
  }

  get inFlight(): number {
    return this.nInFlight;
  }

  get hasRoom(): boolean {
    return this.nInFlight < this.limit;
  }

  /** @returns the round of the call, for `end` */
  start(): number {
    this.nInFlight++;
    return this.round;
  }

  end(round: number): void {
    this.nInFlight--;
    if (round < this.round) this.nOfOldRounds--;
  }

  raise(): void {
    this.allowed = Math.min(this.most, this.allowed + 1 / this.allowed);
  }

  /**
   * Halve, but not for a call that had started before the last halving: it tells nothing new. Which call was refused
   * is not known; once later ones are in flight, the pause is over and a second has passed, it is taken for one of them,
   * so that one call that takes minutes does not keep the rest from being slowed down.
   */
  halve({ nowMs, isPaused }: Refusal): void {
    const hasLater = this.nInFlight > this.nOfOldRounds;
    const isLate = hasLater && !isPaused && nowMs - this.halvedAtMs >= LATE_MS;
    if (this.nOfOldRounds > 0 && !isLate) return;
    this.allowed = Math.max(1, this.limit / 2);
    this.nOfOldRounds = this.nInFlight;
    this.halvedAtMs = nowMs;
    this.round++;
  }
}
