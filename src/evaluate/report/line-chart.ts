import { escape } from './escape.js';
import {
  drawXAxis,
  drawYAxis,
  HEIGHT,
  MARGIN,
  round,
  seriesClass,
  svg,
  text,
  WIDTH,
  xAxis,
  xLabel as drawXLabel,
  yAxis,
  type ChartText,
} from './svg-chart.js';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly mark?: 'full' | 'hollow';
  /** Written beside the mark. */
  readonly label?: string;
}

/** One line of a chart; points that are not finite are left out. */
export interface Series {
  readonly name: string;
  /** Which bundle it is: its colour. */
  readonly place: number;
  readonly points: readonly Point[];
}

interface LineChartOptions extends Omit<ChartText, 'description'> {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Draw both axes to 1, and a dashed line where x equals y. */
  readonly diagonal?: boolean;
}

/** Draw lines over two axes from 0. */
export function lineChart(
  series: readonly Series[],
  { xLabel, yLabel, diagonal = false, ...chart }: LineChartOptions,
): string {
  const kept = series.map(({ name, place, points }) => ({
    name,
    place,
    points: points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const all = kept.flatMap(({ points }) => points);
  const across = xAxis(diagonal ? 1 : Math.max(0, ...all.map(({ x }) => x)));
  const upward = yAxis(diagonal ? 1 : Math.max(0, ...all.map(({ y }) => y)));
  const reference = diagonal
    ? `<line class="reference" x1="${across.place(0)}" y1="${upward.place(0)}" x2="${across.place(1)}" y2="${upward.place(1)}"/>`
    : '';
  const lines = kept.map(({ name, place, points }) => {
    const placed = points.map((point) => ({ ...point, x: across.place(point.x), y: upward.place(point.y) }));
    return line(name, place, placed);
  });
  const description = kept
    .map(({ name, points }) => {
      const step = Math.max(1, Math.floor(points.length / 8));
      const some = points.filter((_, i) => i % step === 0);
      return `${name}: ${some.map(({ x, y }) => `${yLabel} ${y.toFixed(3)} at ${xLabel} ${x.toFixed(3)}`).join(', ')}.`;
    })
    .join(' ');
  const axes = drawYAxis(upward, yLabel) + drawXAxis(across, xLabel);
  return svg({ ...chart, description }, [axes, reference, ...lines].join(''));
}

interface StepChartOptions extends LineChartOptions {
  /** Names of the steps across, and what stands under each. */
  readonly steps: readonly { readonly name: string; readonly detail: string }[];
}

/** Draw lines over named steps; `values[step]` of each series, NaN where it has none. */
export function stepChart(
  series: readonly (Omit<Series, 'points'> & { readonly values: readonly number[] })[],
  { steps, xLabel, yLabel, ...chart }: StepChartOptions,
): string {
  const upward = yAxis(Math.max(0, ...series.flatMap(({ values }) => values.filter(Number.isFinite))));
  const slot = (WIDTH - MARGIN.left - MARGIN.right) / steps.length;
  const across = (step: number): number => MARGIN.left + (step + 0.5) * slot;
  const labels = steps.map(({ name, detail }, step) => {
    const base = HEIGHT - MARGIN.bottom;
    return `${text(across(step), base + 18, name)}<g class="detail">${text(across(step), base + 31, detail)}</g>`;
  });
  const lines = series.map(({ name, place, values }) => {
    const points = values.flatMap((value, step) =>
      Number.isFinite(value)
        ? [{ x: round(across(step)), y: upward.place(value), mark: 'full' as const }]
        : [],
    );
    return line(name, place, points);
  });
  const description = series
    .map(({ name, values }) => {
      return `${name}: ${values.map((value, step) => `${steps[step]!.name} ${Number.isFinite(value) ? value.toFixed(3) : 'none'}`).join(', ')}.`;
    })
    .join(' ');
  const axes = drawYAxis(upward, yLabel) + drawXLabel(xLabel);
  return svg({ ...chart, description }, [axes, ...labels, ...lines].join(''));
}

function line(name: string, place: number, points: readonly Point[]): string {
  const marks = points.map(({ x, y, mark, label }) => {
    const circle =
      mark === undefined
        ? ''
        : `<circle${mark === 'hollow' ? ' class="hollow"' : ''} cx="${x}" cy="${y}" r="3.2"/>`;
    return circle + (label === undefined ? '' : text(x + 7, y - 5, label, 'start'));
  });
  const path = points.map(({ x, y }) => `${x},${y}`).join(' ');
  return `<g class="series ${seriesClass(place)}"><title>${escape(name)}</title><polyline points="${path}"/>${marks.join('')}</g>`;
}
