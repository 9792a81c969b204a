import { TagdistillError } from '../../src/core/errors.js';
import type { Budget, Reservation } from '../money/budget.js';
import type { RunStop } from './run-stop.js';

/** Lets requests through while the budget has room for them; stops the run, in order, once it has none. */
export class BudgetGate {
  private waiters: (() => void)[] = [];

  constructor(
    private readonly budget: Budget,
    private readonly stop: RunStop,
  ) {}

  /**
   * Set the cost of a request aside. Where there is no room, what calls in flight leave of their own is waited for.
   *
   * @throws TagdistillError `E_ABORTED` when the run has stopped, be it for want of budget
   */
  async reserve(microusd: number): Promise<Reservation> {
    for (;;) {
      if (this.stop.signal.aborted) throw new TagdistillError('E_ABORTED', 'the run has stopped');
      const reservation = this.budget.reserve(microusd);
      if (reservation !== null) return this.waking(reservation);
      if (this.budget.reservedMicrousd > 0) await new Promise<void>((resolve) => this.waiters.push(resolve));
      else this.useUp(microusd);
    }
  }

  private waking(reservation: Reservation): Reservation {
    const wake = (): void => {
      const { waiters } = this;
      this.waiters = [];
      for (const resolve of waiters) resolve();
    };
    return {
      settle: (actual) => {
        reservation.settle(actual);
        wake();
      },
      release: () => {
        reservation.release();
        wake();
      },
    };
  }

  private useUp(microusd: number): void {
    const spent = dollars(this.budget.spentMicrousd);
    this.stop.stop({
      kind: 'budget',
      message: `${spent} of the budget are spent, and the next call may cost ${dollars(microusd)}`,
    });
  }
}

function dollars(microusd: number): string {
  return `$${(microusd / 1e6).toFixed(microusd < 1e6 ? 6 : 2)}`;
}
