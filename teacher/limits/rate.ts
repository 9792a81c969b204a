import { TagdistillError } from '../../src/core/errors.js';
import { TokenBucket } from './token-bucket.js';

/** Amounts a minute: the lower of what was configured and what the server last said; none of both: no limit. */
export class Rate {
  private learned = Infinity;
  private bucket: TokenBucket | null = null;

  /** @throws TagdistillError `E_BAD_OPTION` for a rate that is not above 0 */
  constructor(
    what: string,
    private readonly configured: number = Infinity,
    private readonly now: () => number,
  ) {
    if (!(configured > 0)) {
      throw new TagdistillError('E_BAD_OPTION', `${what} a minute is ${configured}`, {
        hint: 'Give a number above 0, or leave it out for no limit.',
      });
    }
    this.tune();
  }

  waitMs(amount: number): number {
    return this.bucket === null ? 0 : this.bucket.waitMs(amount, this.now());
  }

  take(amount: number): void {
    this.bucket?.take(amount, this.now());
  }

  /** Heed what the server says it allows a minute and what is left of that; nonsense is left out. */
  learn(limit: number | undefined, remaining: number | undefined): void {
    if (limit !== undefined && limit > 0 && limit !== this.learned) {
      this.learned = limit;
      this.tune();
    }
    if (remaining !== undefined && remaining >= 0) this.bucket?.lowerTo(remaining, this.now());
  }

  private tune(): void {
    const perMinute = Math.min(this.configured, this.learned);
    if (perMinute === Infinity) return;
    if (this.bucket === null) this.bucket = new TokenBucket(perMinute, this.now());
    else this.bucket.setRate(perMinute, this.now());
  }
}
