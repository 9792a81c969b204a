import type { TagdistillError } from '../core/errors.js';
import { paint } from './style.js';
import { textWidth } from './text-width.js';
import { visible, visibleLines } from './visible.js';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Print a report: as one JSON document, or as the lines that people read; nothing with --quiet. */
export function printReport(
  report: unknown,
  { json, quiet }: CommonOptions,
  lines: () => readonly string[],
): void {
  if (json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (quiet !== true) process.stdout.write(`${lines().join('\n')}\n`);
}

/** Lay out rows in columns: the first to the left, the others to the right, two spaces between. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [header, ...rows].map((row) => row.map(visible));
  const widths = header.map((_, column) => Math.max(...all.map((row) => textWidth(row[column] ?? ''))));
  const { dim } = paint(process.stdout);
  return all.map((row, i) => {
    const cells = row.map((cell, column) => {
      const gap = ' '.repeat(widths[column]! - textWidth(cell));
      return column === 0 ? cell + gap : gap + cell;
    });
    const line = cells.join('  ').trimEnd();
    return i === 0 ? dim(line) : line;
  });
}

/** Four decimals, or a dash for what was not measured. */
export function figure(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(4);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function count(n: number): string {
  return n.toLocaleString('en-GB');
}

export function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** Tell on stderr how many rows were left out, and the first few with their place and the next step. */
export function printProblems(
  nProblems: number,
  problems: readonly TagdistillError[],
  { json }: CommonOptions,
): void {
  if (nProblems === 0 || json === true) return;
  const { red, dim } = paint(process.stderr);
  const shown = problems.slice(0, 5);
  const lines = [
    `${red(`${count(nProblems)} ${nProblems === 1 ? 'row was' : 'rows were'} left out`)}; --strict stops at the first`,
    ...shown.map(({ message }) => `  ${visibleLines(message)}`),
  ];
  if (nProblems > shown.length) lines.push(`  ... and ${count(nProblems - shown.length)} more`);
  const hint = shown[0]?.hint;
  if (hint !== undefined) lines.push(dim(`  next: ${visibleLines(hint)}`));
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** What a JSON document tells of each row that was left out. */
export function problemsForJson(problems: readonly TagdistillError[]): object[] {
  return problems.map(({ message, hint, file, line, row }) => ({ message, hint, file, line, row }));
}

/** A table of the files that a manifest lists. */
export function filesTable(
  files: Readonly<Record<string, { readonly sizeBytes: number; readonly sha256: string }>>,
): string[] {
  return table(
    ['file', 'size', 'sha256'],
    Object.entries(files).map(([path, { sizeBytes, sha256 }]) => [
      path,
      megabytes(sizeBytes),
      sha256.slice(0, 12),
    ]),
  );
}
