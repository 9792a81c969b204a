import type { Result } from './task.js';

export interface SystemRuns {
  readonly name: string;
  readonly results: Result[];
  readonly serverCpuMs: number[];
}

/** A row a system, medians over its runs; ratios are to the plain client. */
export function mainTable(
  runs: readonly SystemRuns[],
  { latencyMs, concurrency }: { readonly latencyMs: number; readonly concurrency: number },
): string {
  const plain = runs.find(({ name }) => name === 'openai');
  const plainRate = plain && rateOf(plain);
  const ceiling = latencyMs === 0 ? null : (1000 * concurrency) / latencyMs;
  const head = ['system', 'requests/s', 'lowest to highest', 'of the latency ceiling', 'to the plain client'];
  const rows = runs.map((system) => {
    const { name, results, serverCpuMs } = system;
    const rates = results.map(({ perSecond }) => Math.round(perSecond));
    const rate = rateOf(system);
    return [
      name,
      rate.toFixed(0),
      `${Math.min(...rates)} to ${Math.max(...rates)}`,
      ceiling === null ? '' : `${((100 * rate) / ceiling).toFixed(1)} %`,
      plainRate === undefined ? '' : (rate / plainRate).toFixed(2),
      median(results.map(({ cpuMs }) => cpuMs)).toFixed(3),
      median(serverCpuMs).toFixed(3),
      megabytes(median(results.map(({ peakRssBytes }) => peakRssBytes))),
      ...wholeCells(results),
    ];
  });
  return table(
    [
      ...head,
      'CPU ms a request',
      'server CPU ms',
      'peak RSS MB',
      'whole run: s',
      'CPU ms a request',
      'peak RSS MB',
    ],
    rows,
  );
}

export function memoryTable({ rss, perSecond, whole }: Result): string {
  const rows = rss.map(({ nCalls, bytes }) => [String(nCalls), megabytes(bytes)]);
  const note = `${perSecond.toFixed(0)} requests/s; with the data set ${whole!.seconds.toFixed(0)} s, peak ${megabytes(whole!.peakRssBytes)} MB`;
  return `${table(['calls', 'RSS MB'], rows)}\n\n${note}`;
}

function rateOf({ results }: SystemRuns): number {
  return median(results.map(({ perSecond }) => perSecond));
}

function wholeCells(results: readonly Result[]): string[] {
  const wholes = results.flatMap(({ whole }) => whole ?? []);
  if (wholes.length === 0) return ['', '', ''];
  return [
    median(wholes.map(({ seconds }) => seconds)).toFixed(1),
    median(wholes.map(({ cpuMs }) => cpuMs)).toFixed(3),
    megabytes(median(wholes.map(({ peakRssBytes }) => peakRssBytes))),
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
