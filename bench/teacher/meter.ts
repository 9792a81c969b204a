/** What a process that asks measured of itself, after its warm-up. */
export interface Measured {
  readonly nCalls: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** User and system time of all threads, milliseconds a call. */
  readonly cpuMs: number;
  readonly peakRssBytes: number;
  /** Resident memory after so many calls. */
  readonly rss: readonly { readonly nCalls: number; readonly bytes: number }[];
}

interface Moment {
  readonly ms: number;
  readonly cpuMicroseconds: number;
}

/** Counts calls that are done, and takes time and memory; the first calls warm up and are left out. */
export class Meter {
  private n = 0;
  private begin: Moment | null = null;
  private end: Moment | null = null;
  private peakRssBytes = 0;
  private readonly rss: { nCalls: number; bytes: number }[] = [];

  /** @param rssAt numbers of calls after which memory is taken */
  constructor(
    private readonly nCalls: number,
    private readonly options: { readonly nWarmUp: number; readonly rssAt: readonly number[] },
  ) {}

  readonly done = (): void => {
    this.n++;
    if (this.n === this.options.nWarmUp) this.begin = moment();
    if (this.options.rssAt.includes(this.n)) {
      this.rss.push({ nCalls: this.n, bytes: process.memoryUsage.rss() });
    }
    if (this.n < this.nCalls) return;
    this.end = moment();
    this.peakRssBytes = process.resourceUsage().maxRSS * 1024;
  };

  measured(): Measured {
    const { begin, end, peakRssBytes, rss } = this;
    if (begin === null || end === null) throw new Error(`${this.n} calls of ${this.nCalls} were made`);
    const nCalls = this.nCalls - this.options.nWarmUp;
    const seconds = (end.ms - begin.ms) / 1000;
    const cpuMs = (end.cpuMicroseconds - begin.cpuMicroseconds) / 1000 / nCalls;
    return { nCalls, seconds, perSecond: nCalls / seconds, cpuMs, peakRssBytes, rss };
  }
}

function moment(): Moment {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), cpuMicroseconds: user + system };
}
