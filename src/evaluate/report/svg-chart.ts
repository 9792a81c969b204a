import { escape } from './escape.js';

/** What a chart shows, for people who read and for those who listen. */
export interface ChartText {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export const WIDTH = 400;
export const HEIGHT = 270;
export const MARGIN = { left: 48, right: 14, top: 12, bottom: 44 };
const BASE = HEIGHT - MARGIN.bottom;

/** Maps values from 0 to `max` along an axis to places in the drawing. */
export interface Axis {
  readonly max: number;
  readonly ticks: readonly number[];
  readonly place: (value: number) => number;
}

/** An axis across, from 0 to the next round number above the largest value. */
export function xAxis(largest: number): Axis {
  const scale = roundScale(largest);
  const width = WIDTH - MARGIN.left - MARGIN.right;
  return { ...scale, place: (value) => round(MARGIN.left + (value / scale.max) * width) };
}

/** An axis upwards, from 0 to the next round number above the largest value. */
export function yAxis(largest: number): Axis {
  const scale = roundScale(largest);
  return { ...scale, place: (value) => round(BASE - (value / scale.max) * (BASE - MARGIN.top)) };
}

/** Draw the lines and numbers of an upward axis, with its name along it. */
export function drawYAxis({ ticks, place }: Axis, label: string): string {
  const lines = ticks.map((tick) => {
    const y = place(tick);
    return `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}"/>${text(MARGIN.left - 6, y + 4, String(tick), 'end')}`;
  });
  return `${lines.join('')}<text transform="translate(13 ${(BASE + MARGIN.top) / 2}) rotate(-90)" text-anchor="middle">${escape(label)}</text>`;
}

/** Draw the numbers of an axis across, with its name below. */
export function drawXAxis({ ticks, place }: Axis, label: string): string {
  return ticks.map((tick) => text(place(tick), BASE + 17, String(tick))).join('') + xLabel(label);
}

export function xLabel(label: string): string {
  return text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 5, label);
}

export function text(x: number, y: number, content: string, anchor = 'middle'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(content)}</text>`;
}

/** Class of the nth bundle: four colours, dashed when they come round again. */
export function seriesClass(place: number): string {
  return `s${place % 4}${place >= 4 ? ' again' : ''}`;
}

/** Wrap a drawing as one SVG whose colours follow the page. */
export function svg({ id, title, description }: ChartText, body: string): string {
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc"><title id="${id}-title">${escape(title)}</title><desc id="${id}-desc">${escape(description)}</desc>${body}</svg>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function roundScale(largest: number): { max: number; ticks: number[] } {
  const max = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].find((bound) => largest <= bound) ?? 1;
  const step = max === 1 || max === 0.8 || max === 0.4 ? max / 4 : max === 0.6 ? 0.2 : max / 5;
  const ticks = Array.from({ length: Math.round(max / step) + 1 }, (_, i) => Number((i * step).toFixed(3)));
  return { max, ticks };
}
