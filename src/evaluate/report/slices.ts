import { escape } from './escape.js';
import { count, figure, note, table } from './format.js';
import type { Present } from './present.js';

const MOST = 20;

/** Tabulate nDCG@5 by slice, the largest first; empty where there are none. */
export function slices(present: readonly Present[], sliceBy: string | null): string {
  const sizes = Object.entries(present[0]!.of.slices).toSorted(([, a], [, b]) => b.nItems - a.nItems);
  if (sliceBy === null || sizes.length === 0) return '';
  const rows = sizes
    .slice(0, MOST)
    .map(([slice, { nItems }]) => [
      escape(slice),
      count(nItems),
      ...present.map(({ of }) => figure(of.slices[slice]?.means['nDCG@5'])),
    ]);
  const more = sizes.length > MOST ? ` ${count(sizes.length - MOST)} smaller ones stand in --json.` : '';
  const title = `nDCG@5 by ${sliceBy}`;
  return [
    `<h3>${escape(title)}</h3>`,
    table([escape(sliceBy), 'items', ...present.map(({ name }) => escape(name))], rows, title),
    note(`Each item counts in the slice of its field ${escape(sliceBy)}.${more}`),
  ].join('\n');
}
