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

  /** @returns false while calls that had started before the last halving are in flight: they tell nothing new */
  halve(): boolean {
    if (this.nOfOldRounds > 0) return false;
    this.allowed = Math.max(1, this.limit / 2);
    this.nOfOldRounds = this.nInFlight;
    this.round++;
    return true;
  }
}
