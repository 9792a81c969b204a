const BASE_MS = 1000;
const CAP_MS = 60_000;
// Timers overflow at 25 days; a call that is let through too early only meets the next refusal.
const LONGEST_MS = 3_600_000;

export interface PauseOptions {
  readonly now: () => number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
}

/** Until when no call may start: as long as the server said, else longer with each refusal in a row. */
export class Pause {
  private untilMs = -Infinity;
  private nBackOffs = 0;

  constructor(private readonly options: PauseOptions) {}

  get leftMs(): number {
    return Math.max(0, this.untilMs - this.options.now());
  }

  /** Pause for what the server said, an hour at most; what was said before holds where it is longer. */
  atLeast(ms: number): void {
    if (ms > 0) this.untilMs = Math.max(this.untilMs, this.options.now() + Math.min(ms, LONGEST_MS));
  }

  /** Pause for 0.5 to 1 s, twice that the next time, up to a minute; a pause under way counts for all that are refused. */
  backOff(): void {
    if (this.leftMs > 0) return;
    const ms = Math.min(CAP_MS, BASE_MS * 2 ** this.nBackOffs);
    this.nBackOffs++;
    this.atLeast((ms / 2) * (1 + this.options.random()));
  }

  /** Begin with short pauses again; a success during a pause is of a call from before it. */
  succeeded(): void {
    if (this.nBackOffs > 0 && this.leftMs === 0) this.nBackOffs = 0;
  }
}
