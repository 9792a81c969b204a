import { escape } from './escape.js';

/** A line of a chart; points with NaN are left out. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Draw where x equals y. */
  readonly diagonal?: boolean;
  /** Mark each point. */
  readonly dots?: boolean;
}

const WIDTH = 360;
const HEIGHT = 260;
const MARGIN = { left: 46, right: 12, top: 10, bottom: 40 };

/** Draw lines over axes from 0 to 1, as one SVG whose colours follow the page. */
export function lineChart(
  series: readonly Series[],
  { title, xLabel, yLabel, diagonal, dots }: ChartOptions,
): string {
  const lines = series.map(({ name, points }, i) => {
    const kept = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    const path = kept.map(({ x, y }) => `${px(x)},${py(y)}`).join(' ');
    const marks =
      dots === true ? kept.map(({ x, y }) => `<circle cx="${px(x)}" cy="${py(y)}" r="3"/>`).join('') : '';
    return `<g class="series s${i % 4}"><title>${escape(name)}</title><polyline points="${path}"/>${marks}</g>`;
  });
  const reference =
    diagonal === true
      ? `<line class="reference" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}"/>`
      : '';
  return svg(title, [axes(xLabel, yLabel), reference, ...lines].join(''));
}

/** Draw groups of bars, one bar a series, heights from 0 to 1; a group's detail stands under its name. */
export function barChart(
  groups: readonly { readonly name: string; readonly detail: string; readonly values: readonly number[] }[],
  {
    title,
    yLabel,
    names,
  }: { readonly title: string; readonly yLabel: string; readonly names: readonly string[] },
): string {
  const slot = (WIDTH - MARGIN.left - MARGIN.right) / groups.length;
  const bars = groups.map(({ name, detail, values }, g) => {
    const width = (slot * 0.7) / Math.max(1, values.length);
    const left = MARGIN.left + slot * (g + 0.15);
    const rects = values.map((value, i) => {
      if (!Number.isFinite(value)) return '';
      const [x, y, height] = [left + i * width, py(value), py(0) - py(value)];
      const label = `${names[i] ?? ''} ${name}: ${value.toFixed(3)}`;
      return `<rect class="bar s${i % 4}" x="${round(x)}" y="${y}" width="${round(width - 1)}" height="${round(height)}"><title>${escape(label)}</title></rect>`;
    });
    const centre = round(left + slot * 0.35);
    const label = (text: string, dy: number): string =>
      `<text x="${centre}" y="${HEIGHT - MARGIN.bottom + dy}" text-anchor="middle">${escape(text)}</text>`;
    return rects.join('') + label(name, 16) + label(detail, 30);
  });
  return svg(title, [axes('', yLabel, { xTicks: false }), ...bars].join(''));
}

function svg(title: string, body: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">${body}</svg>`;
}

function axes(xLabel: string, yLabel: string, { xTicks = true } = {}): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const horizontal = ticks.map(
    (tick) =>
      `<line class="grid" x1="${px(0)}" x2="${px(1)}" y1="${py(tick)}" y2="${py(tick)}"/><text x="${MARGIN.left - 6}" y="${py(tick) + 4}" text-anchor="end">${tick}</text>`,
  );
  const vertical = xTicks
    ? ticks.map(
        (tick) =>
          `<text x="${px(tick)}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${tick}</text>`,
      )
    : [];
  const middle = (HEIGHT - MARGIN.bottom + MARGIN.top) / 2;
  return [
    ...horizontal,
    ...vertical,
    `<text x="${(px(0) + px(1)) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${escape(xLabel)}</text>`,
    `<text transform="translate(12 ${middle}) rotate(-90)" text-anchor="middle">${escape(yLabel)}</text>`,
  ].join('');
}

function px(x: number): number {
  return round(MARGIN.left + x * (WIDTH - MARGIN.left - MARGIN.right));
}

function py(y: number): number {
  return round(HEIGHT - MARGIN.bottom - y * (HEIGHT - MARGIN.top - MARGIN.bottom));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
