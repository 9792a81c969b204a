import { describe, expect, it } from 'vitest';
import { algorithm1, type Algorithm1State } from '../../../src/tags/index.js';
import { dayOf } from './days.js';

const start: Algorithm1State = { selected: [], history: [] };

describe('algorithm1', () => {
  // Five items; by hand: "jazz" has 3 of them. Of the two left "opera", "piano" and "violin" have 1 each; the last two
  // have more items, and "piano" is first in code point order. 4 of 5 reach tau = 0.8.
  const first = dayOf('2026-01-01', ['jazz piano', 'jazz violin', 'jazz', 'opera', 'piano violin']);
  const options = { tau: 0.8, historyDays: 2 };

  it('goes through the worked example step by step', () => {
    const day1 = algorithm1(start, first, options);
    expect(day1).toMatchObject({ tagRecall: 0, added: ['jazz', 'piano'], recall: 0.8, dropped: [] });

    // Of the second day's four items S covers one; "blues" has two of the other three, and 3 of 4 is below 0.8, so
    // "opera" comes too.
    const day2 = algorithm1(
      day1.state,
      dayOf('2026-01-02', ['jazz', 'blues', 'blues drums', 'opera']),
      options,
    );
    expect(day2).toMatchObject({ tagRecall: 0.25, added: ['blues', 'opera'], recall: 1, dropped: [] });
    expect(day2.state.selected).toEqual(['jazz', 'piano', 'blues', 'opera']);

    // "piano" was seen on day 1 alone: with D = 2 it drops out now. "jazz" was not seen today, but on day 2.
    const day3 = algorithm1(day2.state, dayOf('2026-01-03', ['blues', 'opera']), options);
    expect(day3).toMatchObject({ tagRecall: 1, added: [], recall: 1, dropped: ['piano'] });
    expect(day3.state.selected).toEqual(['jazz', 'blues', 'opera']);
  });

  it('unites what the tags cover: the intersection of the printed line 8 would never reach tau', () => {
    const { added, recall } = algorithm1(start, dayOf('2026-01-01', ['a', 'b', 'c']), { tau: 1 });
    expect([added, recall]).toEqual([['a', 'b', 'c'], 1]);
  });

  it('keeps the set over a day without items, and forgets a day', () => {
    const { state } = algorithm1(start, first, options);
    const quiet = algorithm1(state, dayOf('2026-01-02', []), options);
    expect(quiet).toMatchObject({ tagRecall: NaN, recall: NaN, added: [], dropped: [] });
    expect(algorithm1(quiet.state, dayOf('2026-01-03', ['', '']), options).dropped).toEqual([
      'jazz',
      'piano',
    ]);
  });
});
