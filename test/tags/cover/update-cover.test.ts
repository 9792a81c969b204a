import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_COVER,
  updateCover,
  type CoverState,
  type UpdateCoverOptions,
  type UpdateReport,
} from '../../../src/tags/index.js';
import { dateOf, dayOf } from './days.js';

function run(
  days: readonly (readonly string[])[],
  options: UpdateCoverOptions,
): { states: CoverState[]; reports: UpdateReport[] } {
  const states: CoverState[] = [];
  const reports: UpdateReport[] = [];
  for (const [n, items] of days.entries()) {
    const { state, report } = updateCover(states.at(-1) ?? EMPTY_COVER, dayOf(dateOf(n), items), options);
    states.push(state);
    reports.push(report);
  }
  return { states, reports };
}

const liveTags = ({ tags }: CoverState): string[] =>
  tags.filter(({ status }) => status === 'live').map(({ tag }) => tag);

const tagNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', '猫', '\u{1f600}'];
const items = fc.array(fc.constantFrom(...tagNames), { maxLength: 4 }).map((tags) => tags.join(' '));
const streams = fc.array(fc.array(items, { maxLength: 8 }), { minLength: 1, maxLength: 8 });
const settings = fc.record({
  tau: fc.constantFrom(0.5, 0.8, 0.99, 1),
  depth: fc.integer({ min: 1, max: 3 }),
  historyDays: fc.integer({ min: 1, max: 4 }),
  steadyDays: fc.integer({ min: 1, max: 3 }),
  margin: fc.constantFrom(0.01, 0.2, 1),
});

describe('updateCover', () => {
  it('retires a tag once no item of D days has it, and gives it the same id when it comes back', () => {
    const { states, reports } = run([['a'], ['b'], ['b'], ['a b', 'a']], { historyDays: 2 });
    expect(states.map(liveTags)).toEqual([['a'], ['a', 'b'], ['b'], ['a', 'b']]);
    expect(reports[2]!.retired).toEqual([{ id: states[0]!.tags[0]!.id, tag: 'a' }]);
    expect(reports[3]!.admitted).toMatchObject([{ id: states[0]!.tags[0]!.id, tag: 'a', isBack: true }]);
    expect(states[2]!.tags[0]).toMatchObject({ tag: 'a', status: 'retired', lastSeen: dateOf(0) });
  });

  it('takes a tag that helps day after day before one that helps more, but today alone', () => {
    const days = [
      ['x', 'x', 'x', 'x'],
      ['x s', 's t', 's t'],
      ['t u', 't u', 'u', 's u'],
    ];
    const first = run(days.slice(0, 1), { tau: 1 }).states[0]!;
    expect(liveTags(first)).toEqual(['x']);
    const at = (n: number, state: CoverState, options: UpdateCoverOptions) =>
      updateCover(state, dayOf(dateOf(n), days[n]!), { tau: 0.5, margin: 1, steadyDays: 2, ...options });
    const second = at(1, first, {});
    expect(second.report.admitted).toEqual([]);
    const third = at(2, second.state, { tau: 0.7 });
    // "u" would cover four open items at once, "t" four and "s" three over two days running.
    expect(third.report.admitted).toMatchObject([{ tag: 't', reason: 'steady', gain: 4 }]);
  });

  it('takes a tag that is new today where nothing steady reaches tau', () => {
    const { reports } = run([['x'], ['x', 'n']], { tau: 1, margin: 1, steadyDays: 2 });
    expect(reports[1]!.admitted).toMatchObject([{ tag: 'n', reason: 'needed' }]);
    expect(reports[1]).toMatchObject({ recallBefore: 0.5, recallAfter: 1, windowRecall: 1, churn: 1 });
  });

  it('counts days with an update, so a month of silence retires nothing', () => {
    const { state } = updateCover(EMPTY_COVER, dayOf('2026-01-01', ['a']), { historyDays: 2 });
    const later = updateCover(state, dayOf('2026-03-01', ['b']), { historyDays: 2 });
    expect(later.report.retired).toEqual([]);
  });

  it('covers tau of the window at every depth, while the tags of the items allow it', () => {
    fc.assert(
      fc.property(streams, settings, (days, options) => {
        const { states, reports } = run(days, options);
        for (const [n, report] of reports.entries()) {
          const live = new Set(liveTags(states[n]!));
          const window = days.slice(Math.max(0, n + 1 - options.historyDays), n + 1).flat();
          const sets = window.map((item) => new Set(item.split(' '))).filter((set) => !set.has(''));
          const covered = sets.filter(
            (set) => [...set].filter((tag) => live.has(tag)).length >= Math.min(options.depth, set.size),
          );
          if (sets.length === 0) continue;
          expect(covered.length / sets.length).toBeGreaterThanOrEqual(options.tau);
          expect(report.windowRecall).toBeCloseTo(covered.length / sets.length, 12);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never changes the id of a tag, gives none twice, and never retires a tag of the window', () => {
    fc.assert(
      fc.property(streams, settings, (days, options) => {
        const { states } = run(days, options);
        for (const [n, state] of states.entries()) {
          expect(new Set(state.tags.map(({ id }) => id)).size).toBe(state.tags.length);
          if (n === 0) continue;
          const window = new Set(
            days
              .slice(Math.max(0, n + 1 - options.historyDays), n + 1)
              .flat()
              .join(' ')
              .split(' '),
          );
          for (const [place, { id, tag, status }] of states[n - 1]!.tags.entries()) {
            expect(state.tags[place]).toMatchObject({ id, tag });
            if (status === 'live' && window.has(tag)) expect(state.tags[place]!.status).toBe('live');
          }
        }
      }),
    );
  });

  it('changes nothing when the same day comes again, whatever the order of its columns', () => {
    fc.assert(
      fc.property(streams, settings, (days, options) => {
        const { states } = run(days, options);
        const again = dayOf(dateOf(days.length - 1), days.at(-1)!);
        const turned = {
          ...again,
          tags: again.tags.toReversed(),
          rows: { ...again.rows, indices: again.rows.indices.map((i) => again.tags.length - 1 - i) },
        };
        const { state, report } = updateCover(states.at(-1)!, turned, options);
        expect(state).toBe(states.at(-1));
        expect(report).toMatchObject({ isRepeat: true, admitted: [], retired: [] });
      }),
    );
  });

  it('replaces the last day when it comes with other items, and refuses an earlier day or a date that is none', () => {
    const { states } = run([['a'], ['b']], {});
    const replaced = updateCover(states[1]!, dayOf(dateOf(1), ['c']), {});
    expect(replaced.state.days).toHaveLength(2);
    expect(liveTags(replaced.state)).toEqual(['a', 'b', 'c']);
    expect(() => updateCover(states[1]!, dayOf(dateOf(0), ['a']), {})).toThrow(/the day is 2026-01-01/);
    for (const date of ['', '2026-02-30', '2026-1-1', 'today']) {
      expect(() => updateCover(EMPTY_COVER, dayOf(date, ['a']), {})).toThrow(/the date is/);
    }
    expect(() => updateCover(EMPTY_COVER, dayOf(dateOf(0), []), { historyDays: 0 })).toThrow(
      /historyDays is 0/,
    );
  });
});
