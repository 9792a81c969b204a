import type { Interval } from '../../metrics/bootstrap.js';
import { escape } from './escape.js';
import { figure, range } from './format.js';
import {
  drawYAxis,
  HEIGHT,
  MARGIN,
  round,
  seriesClass,
  svg,
  text,
  WIDTH,
  yAxis,
  type ChartText,
} from './svg-chart.js';

/** Draw a dot with its interval for each bundle, in groups by metric. */
export function intervalChart(
  groups: readonly {
    readonly name: string;
    readonly intervals: readonly {
      readonly name: string;
      readonly place: number;
      readonly interval: Interval;
    }[];
  }[],
  chart: Omit<ChartText, 'description'>,
): string {
  const highs = groups.flatMap(({ intervals }) => intervals.map(({ interval: { high } }) => high));
  const upward = yAxis(Math.max(0, ...highs.filter(Number.isFinite)));
  const slot = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, groups.length);
  const body = groups.map(({ name, intervals }, g) => {
    const dots = intervals.map(({ name: of, place, interval }, i) => {
      if (!Number.isFinite(interval.mean)) return '';
      const x = round(MARGIN.left + slot * (g + 0.2 + (0.6 * (i + 0.5)) / intervals.length));
      const [low, middle, high] = [interval.low, interval.mean, interval.high].map(upward.place);
      return `<g class="series ${seriesClass(place)}"><title>${escape(`${of}, ${name}: ${figure(interval.mean)} ${range(interval)}`)}</title><line x1="${x}" x2="${x}" y1="${low}" y2="${high}"/><circle cx="${x}" cy="${middle}" r="4"/></g>`;
    });
    return dots.join('') + text(MARGIN.left + slot * (g + 0.5), HEIGHT - MARGIN.bottom + 17, name);
  });
  const description = groups
    .map(({ name, intervals }) => {
      const parts = intervals.map(
        ({ name: of, interval }) => `${of} ${figure(interval.mean)} ${range(interval)}`,
      );
      return `${name}: ${parts.join(', ')}.`;
    })
    .join(' ');
  return svg({ ...chart, description }, drawYAxis(upward, 'mean over items') + body.join(''));
}
