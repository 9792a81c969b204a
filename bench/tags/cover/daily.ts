// Sixty days of real answers with a made long tail: how the cover set settles, ours beside plain Algorithm 1.
// npm run bench:daily
import { writeFile } from 'node:fs/promises';
import { linePlot } from '../../../src/cli/line-plot.js';
import { SPACES, type Space } from '../../../src/core/space.js';
import {
  algorithm1,
  EMPTY_COVER,
  mergeTags,
  updateCover,
  type Algorithm1State,
} from '../../../src/tags/index.js';
import { canonicalDay, countUses, loadDayLabels } from '../../../src/tags/library/day-labels.js';
import { table } from '../../students/markdown-table.js';
import { dailyStream, type Answers, type StreamOptions } from './daily-stream.js';

const STREAM: StreamOptions = { nDays: 60, itemsPerDay: 1000, keptTags: 8, madeTags: 2, seed: 1 };
const TAU = 0.99;
const HISTORY_DAYS = 14;
const DEPTHS = [1, 3, 5];
const SHOWN_DAYS = [1, 2, 3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60];
const SETTLED_FROM = 31;

interface DayFigures {
  readonly nFull: number;
  readonly nSet: number;
  readonly nChanges: number;
  /** Share of the day's items that the set covered before the day was taken in, and after. */
  readonly recallBefore: number;
  readonly recallAfter: number;
}

function runOurs(answers: Answers, depth: number): DayFigures[] {
  let state = EMPTY_COVER;
  const full = new Set<string>();
  return Array.from(dailyStream(answers, STREAM), (day) => {
    for (const tag of day.tags) full.add(tag);
    const options = { tau: TAU, depth, historyDays: HISTORY_DAYS };
    const { state: next, report } = updateCover(state, day, options);
    state = next;
    const nChanges = report.admitted.length + report.retired.length;
    const { recallBefore, recallAfter, nLive } = report;
    return { nFull: full.size, nSet: nLive, nChanges, recallBefore, recallAfter };
  });
}

function runPlain(answers: Answers, depth: number): DayFigures[] {
  let state: Algorithm1State = { selected: [], history: [] };
  const full = new Set<string>();
  return Array.from(dailyStream(answers, STREAM), (day) => {
    for (const tag of day.tags) full.add(tag);
    const step = algorithm1(state, day, { tau: TAU, depth, historyDays: HISTORY_DAYS });
    state = step.state;
    return {
      nFull: full.size,
      nSet: state.selected.length,
      nChanges: step.added.length + step.dropped.length,
      recallBefore: step.tagRecall,
      recallAfter: step.recall,
    };
  });
}

async function readAnswers(): Promise<Readonly<Record<Space, Answers>>> {
  const { labels } = await loadDayLabels(['datasets/books']);
  const read = (space: Space): Answers => {
    const { canonicalOf } = mergeTags(countUses(labels[space]!));
    const { tags, rows } = canonicalDay('', labels[space]!, canonicalOf);
    const items = Array.from({ length: rows.offsets.length - 1 }, (_, row) => [
      ...new Set(rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1])),
    ]);
    return { tags, items };
  };
  return { item: read('item'), user: read('user') };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => (100 * share).toFixed(1);
const settled = <T>(days: readonly T[]): T[] => days.slice(SETTLED_FROM - 1);

const answers = await readAnswers();
const summary: string[][] = [];
const out: string[] = [];
for (const space of SPACES) {
  for (const depth of DEPTHS) {
    const ours = runOurs(answers[space], depth);
    const plain = runPlain(answers[space], depth);
    for (const [name, days] of [
      ['window', ours],
      ['Algorithm 1', plain],
    ] as const) {
      const late = settled(days);
      const changes = late.map(({ nChanges }) => nChanges);
      summary.push([
        ...[space, String(depth), name, String(days.at(-1)!.nSet), mean(changes).toFixed(1)],
        ...[String(Math.max(...changes)), percent(mean(late.map(({ recallBefore }) => recallBefore)))],
        percent(mean(late.map(({ recallAfter }) => recallAfter))),
      ]);
    }
    if (depth !== DEPTHS[1] || space !== 'user') continue;
    const rows = SHOWN_DAYS.map((n) => {
      const [a, b] = [ours[n - 1]!, plain[n - 1]!];
      const cells = [a, b].flatMap(({ nSet, nChanges, recallBefore }) => [
        ...[String(nSet), String(nChanges), percent(recallBefore)],
      ]);
      return [String(n), String(a.nFull), ...cells];
    });
    const header = [
      'day',
      'full set',
      'window: set',
      'changes',
      'tag recall %',
      'Algorithm 1: set',
      'changes',
      'tag recall %',
    ];
    out.push('', `User tags, depth ${depth}, day by day:`, '', table(header, rows));
    const points = (days: readonly DayFigures[]): [number, number][] =>
      days.slice(1).map(({ nChanges }, i): [number, number] => [i + 2, nChanges]);
    const plot = linePlot(
      [
        { name: 'window', points: points(ours) },
        { name: 'Algorithm 1', points: points(plain) },
      ],
      {
        title: `User tags that came or went, depth ${depth}, from day 2`,
        xLabel: 'day',
        yLabel: 'changes a day',
      },
    );
    await writeFile('docs/tags-daily.svg', `${plot}\n`);
  }
}
const header = [
  'space',
  'depth',
  'kept by',
  'set on day 60',
  'changes a day, days 31-60',
  'most',
  'tag recall before %',
  'after %',
];
process.stdout.write(`${[table(header, summary), ...out].join('\n')}\n`);
