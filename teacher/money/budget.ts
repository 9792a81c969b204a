import { TagdistillError } from '../../src/core/errors.js';

/** Money set aside for a call. The first of `settle` and `release` counts; later ones do nothing. */
export interface Reservation {
  /** Put what the call cost in place of what was set aside, be it more. */
  settle(actualMicrousd: number): void;
  /** Give all of it back: the call was not paid. */
  release(): void;
}

/**
 * Money of a run, in micro-dollars: each call sets its likely cost aside before it is made.
 *
 * Spent and reserved together never pass the limit when something is reserved, so the money spent can pass it only by
 * what calls cost above their reservations.
 */
export class Budget {
  private spent = 0;
  private reserved = 0;

  /**
   * @param limitMicrousd null: no limit, the money is counted all the same
   * @throws TagdistillError `E_BAD_OPTION` for a limit that is no amount of money
   */
  constructor(private readonly limitMicrousd: number | null) {
    if (limitMicrousd !== null) requireAmount('the budget', limitMicrousd);
  }

  get spentMicrousd(): number {
    return this.spent;
  }

  get reservedMicrousd(): number {
    return this.reserved;
  }

  /** Neither spent nor set aside; infinite without a limit, negative where calls cost more than was set aside. */
  get leftMicrousd(): number {
    return (this.limitMicrousd ?? Infinity) - this.spent - this.reserved;
  }

  /**
   * Set the likely cost of a call aside.
   *
   * @returns null where that would pass the limit; an amount that meets it exactly is let through
   * @throws TagdistillError `E_BAD_OPTION` for NaN, infinite or negative amounts, here and when settling
   */
  reserve(microusd: number): Reservation | null {
    requireAmount('the likely cost of a call', microusd);
    if (this.limitMicrousd !== null && this.spent + this.reserved + microusd > this.limitMicrousd)
      return null;
    this.reserved += microusd;
    let isOpen = true;
    const close = (spent: number): void => {
      if (!isOpen) return;
      isOpen = false;
      this.reserved -= microusd;
      this.spent += spent;
    };
    return {
      settle: (actualMicrousd) => {
        requireAmount('the cost of a call', actualMicrousd);
        close(actualMicrousd);
      },
      release: () => {
        close(0);
      },
    };
  }
}

function requireAmount(what: string, microusd: number): void {
  if (Number.isFinite(microusd) && microusd >= 0) return;
  throw new TagdistillError('E_BAD_OPTION', `${what} is ${microusd} micro-dollars`, {
    hint: 'Give a number that is 0 or more; $1 is 1,000,000 micro-dollars.',
  });
}
