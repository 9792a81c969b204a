import type { EvaluateReport } from '../evaluate-bundle.js';
import type { Interval } from '../../metrics/bootstrap.js';
import { escape } from './escape.js';

/** Four decimals, or a dash for what was not measured. */
export function figure(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(4);
}

export function range({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  return `[${figure(low)}, ${figure(high)}]`;
}

export function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`;
}

export function count(n: number): string {
  return n.toLocaleString('en-GB');
}

/** A small p as a bound: 10,000 flips cannot tell .0001 from less. */
export function pValue(p: number): string {
  return p < 0.0002 ? '< 0.0002' : p.toFixed(4);
}

/** Names of the bundles as their manifests have them; the folder's path where two have the same. */
export function bundleNames(reports: readonly EvaluateReport[]): string[] {
  return reports.map(({ name, bundle }) => {
    return reports.filter((other) => other.name === name).length > 1 ? bundle : name;
  });
}

/** Lay out a table in a box of its own that scrolls sideways. Cells are HTML; the first of a row is its heading. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  label: string,
): string {
  const head = header.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows.map(([first, ...cells]) => {
    return `<tr><th scope="row">${first ?? ''}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

/** One line under a figure that says what it means. Takes HTML. */
export function note(html: string): string {
  return `<p class="note">${html}</p>`;
}
