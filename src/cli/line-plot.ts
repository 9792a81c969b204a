import { escape } from '../evaluate/report/escape.js';
import { round, text } from '../evaluate/report/svg-chart.js';

/** A line of a plot; points that an axis cannot show (not finite, or 0 on a logarithmic one) are left out. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Draw points instead of a line. */
  readonly isDotted?: boolean;
}

export interface PlotOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Logarithmic axes. */
  readonly isLog?: boolean;
}

const WIDTH = 560;
const HEIGHT = 300;
const MARGIN = { left: 62, right: 16, top: 34, bottom: 46 };
const COLOURS = ['#1f6feb', '#c2410c', '#0f766e', '#7c3aed'];

/** Draw lines over two axes as one SVG that needs no style sheet; linear axes start at 0. */
export function linePlot(
  lines: readonly PlotLine[],
  { title, xLabel, yLabel, isLog = false }: PlotOptions,
): string {
  const canShow = (value: number): boolean => Number.isFinite(value) && (!isLog || value > 0);
  const shown = lines.map((line) => ({
    ...line,
    points: line.points.filter(([x, y]) => canShow(x) && canShow(y)),
  }));
  const all = shown.flatMap(({ points }) => points);
  const across = axis(Math.max(0, ...all.map(([x]) => x)), [MARGIN.left, WIDTH - MARGIN.right], isLog);
  const upward = axis(Math.max(0, ...all.map(([, y]) => y)), [HEIGHT - MARGIN.bottom, MARGIN.top], isLog);
  const grid = [
    ...upward.ticks.map((tick) => {
      const y = upward.place(tick);
      return `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}" stroke="#8884"/>${text(MARGIN.left - 6, y + 4, shortNumber(tick), 'end')}`;
    }),
    ...across.ticks.map((tick) => text(across.place(tick), HEIGHT - MARGIN.bottom + 16, shortNumber(tick))),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, xLabel),
    `<text transform="translate(14 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${escape(yLabel)}</text>`,
  ];
  const drawn = shown.map(({ name, points, isDotted = false }, i) => {
    const colour = COLOURS[i % COLOURS.length]!;
    const placed = points.map(([x, y]) => `${across.place(x)},${upward.place(y)}`);
    const key = `<rect x="${MARGIN.left + i * 125}" y="22" width="10" height="4" fill="${colour}"/>${text(MARGIN.left + 14 + i * 125, 28, name, 'start')}`;
    if (!isDotted) {
      return `${key}<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${placed.join(' ')}"/>`;
    }
    const dots = placed.map((point) => {
      const [x, y] = point.split(',');
      return `<circle cx="${x!}" cy="${y!}" r="1.8" fill="${colour}"/>`;
    });
    return key + dots.join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="11" fill="#6b7280"><title>${escape(title)}</title>${text(MARGIN.left, 12, title, 'start')}${grid.join('')}${drawn.join('')}</svg>`;
}

interface Axis {
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

function axis(largest: number, [from, to]: readonly [number, number], isLog: boolean): Axis {
  if (isLog) {
    const decades = Math.max(1, Math.ceil(Math.log10(Math.max(1, largest))));
    return {
      ticks: Array.from({ length: decades + 1 }, (_, i) => 10 ** i),
      place: (value) => round(from + ((to - from) * Math.log10(value)) / decades),
    };
  }
  const rough = Math.max(largest, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const nSteps = Math.max(1, Math.ceil(largest / step));
  return {
    ticks: Array.from({ length: nSteps + 1 }, (_, i) => i * step),
    place: (value) => round(from + ((to - from) * value) / (nSteps * step)),
  };
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(6)));
}
