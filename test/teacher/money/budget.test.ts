import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget, type Reservation } from '../../../teacher/money/budget.js';

describe('Budget', () => {
  it('puts what a call cost in place of what was set aside', () => {
    const budget = new Budget(1000);
    const reservation = budget.reserve(400);
    expect([budget.spentMicrousd, budget.reservedMicrousd]).toEqual([0, 400]);
    reservation?.settle(150);
    expect([budget.spentMicrousd, budget.reservedMicrousd]).toEqual([150, 0]);
  });

  it('gives back what was set aside for a call that was not paid', () => {
    const budget = new Budget(1000);
    budget.reserve(1000)?.release();
    expect([budget.spentMicrousd, budget.reservedMicrousd]).toEqual([0, 0]);
  });

  it('lets the limit be met exactly, and not be passed by one micro-dollar', () => {
    const budget = new Budget(1000);
    budget.reserve(600)?.settle(600);
    expect(budget.reserve(401)).toBeNull();
    expect(budget.reserve(400)).not.toBeNull();
    expect(budget.reserve(1)).toBeNull();
    expect(budget.reserve(0)).not.toBeNull();
  });

  it('counts a call that cost more than was set aside, and lets nothing through after it', () => {
    const budget = new Budget(1000);
    budget.reserve(900)?.settle(1300);
    expect(budget.spentMicrousd).toBe(1300);
    expect(budget.leftMicrousd).toBe(-300);
    expect(budget.reserve(1)).toBeNull();
  });

  it('counts a call once, however often it is settled and released', () => {
    const budget = new Budget(1000);
    const reservation = budget.reserve(400);
    reservation?.settle(100);
    reservation?.settle(100);
    reservation?.release();
    expect([budget.spentMicrousd, budget.reservedMicrousd]).toEqual([100, 0]);
  });

  it('counts without a limit as well', () => {
    const budget = new Budget(null);
    budget.reserve(1e12)?.settle(1e12);
    expect(budget.spentMicrousd).toBe(1e12);
    expect(budget.leftMicrousd).toBe(Infinity);
  });

  it.each([NaN, -1, Infinity])('refuses the amount %d everywhere, and counts as before', (amount) => {
    const refusal = expect.objectContaining({ code: 'E_BAD_OPTION' }) as Error;
    expect(() => new Budget(amount)).toThrow(refusal);
    const budget = new Budget(1000);
    expect(() => budget.reserve(amount)).toThrow(refusal);
    const reservation = budget.reserve(10);
    expect(() => {
      reservation?.settle(amount);
    }).toThrow(refusal);
    expect([budget.spentMicrousd, budget.reservedMicrousd]).toEqual([0, 10]);
  });

  it('passes its limit at most by what calls cost above what was set aside for them', () => {
    const amount = fc.nat(500);
    const step = fc.oneof(
      fc.record({ does: fc.constant('reserve' as const), amount }),
      fc.record({ does: fc.constantFrom('settle' as const, 'release' as const), amount, which: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.nat(3000), fc.array(step, { maxLength: 80 }), (limit, steps) => {
        const budget = new Budget(limit);
        const open: { readonly reservation: Reservation; readonly amount: number }[] = [];
        let spent = 0;
        let above = 0;
        for (const one of steps) {
          if (one.does === 'reserve') {
            const wouldPass = spent + budget.reservedMicrousd + one.amount > limit;
            const reservation = budget.reserve(one.amount);
            expect(reservation === null).toBe(wouldPass);
            if (reservation === null) continue;
            expect(budget.spentMicrousd + budget.reservedMicrousd).toBeLessThanOrEqual(limit);
            open.push({ reservation, amount: one.amount });
            continue;
          }
          const [closed] = open.splice(one.which % Math.max(1, open.length), 1);
          if (closed === undefined) continue;
          if (one.does === 'release') closed.reservation.release();
          else {
            closed.reservation.settle(one.amount);
            spent += one.amount;
            above += Math.max(0, one.amount - closed.amount);
          }
        }
        expect(budget.spentMicrousd).toBe(spent);
        expect(budget.reservedMicrousd).toBe(open.reduce((sum, { amount }) => sum + amount, 0));
        expect(budget.spentMicrousd + budget.reservedMicrousd).toBeLessThanOrEqual(limit + above);
      }),
      { numRuns: 500 },
    );
  });
});
