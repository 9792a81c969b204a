import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicrousd, type Price } from '../../../teacher/money/prices.js';

const price: Price = { inPerMillion: 2, cachedInPerMillion: 0.5, outPerMillion: 8, batchDiscount: 0.5 };

describe('costMicrousd', () => {
  it('takes dollars per million tokens as micro-dollars a token', () => {
    expect(costMicrousd({ tokensIn: 1000, tokensCached: 0, tokensOut: 300 }, price)).toBe(2000 + 2400);
  });

  it('counts cached tokens as a part of the input', () => {
    expect(costMicrousd({ tokensIn: 1000, tokensCached: 800, tokensOut: 0 }, price)).toBe(400 + 400);
  });

  it('takes the discount off in a batch alone', () => {
    const usage = { tokensIn: 1000, tokensCached: 0, tokensOut: 300 };
    expect(costMicrousd(usage, price, { isBatch: true })).toBe(2200);
    expect(costMicrousd(usage, { ...price, batchDiscount: 0 }, { isBatch: true })).toBe(4400);
    expect(costMicrousd(usage, { ...price, batchDiscount: 1 }, { isBatch: true })).toBe(0);
  });

  it('rounds up, but not for what floating point leaves behind a product', () => {
    const cheap = { ...price, inPerMillion: 0.07 };
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(costMicrousd({ tokensIn: 100, tokensCached: 0, tokensOut: 0 }, cheap)).toBe(7);
    expect(costMicrousd({ tokensIn: 1, tokensCached: 0, tokensOut: 0 }, cheap)).toBe(1);
  });

  it('costs nothing where all is free', () => {
    const free = { inPerMillion: 0, cachedInPerMillion: 0, outPerMillion: 0, batchDiscount: 0.5 };
    expect(costMicrousd({ tokensIn: 1e9, tokensCached: 0, tokensOut: 1e9 }, free)).toBe(0);
  });

  it('takes all input as cached where a server says that more was', () => {
    expect(costMicrousd({ tokensIn: 100, tokensCached: 500, tokensOut: 0 }, price)).toBe(50);
  });

  it('is a whole number, at most one above the exact cost and never below it', () => {
    const amount = fc.nat(2_000_000);
    const rate = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        rate,
        rate,
        (tokensIn, tokensCached, tokensOut, milliIn, milliOut) => {
          const cached = Math.min(tokensIn, tokensCached);
          const cost = costMicrousd(
            { tokensIn, tokensCached, tokensOut },
            {
              inPerMillion: milliIn / 1000,
              cachedInPerMillion: milliIn / 1000,
              outPerMillion: milliOut / 1000,
              batchDiscount: 0,
            },
          );
          // In thousandths, the sum is exact.
          const exact = (tokensIn - cached) * milliIn + cached * milliIn + tokensOut * milliOut;
          expect(cost).toBe(Math.ceil(exact / 1000));
        },
      ),
    );
  });
});
