import { SPACES } from '../core/space.js';
import { SPLITS } from '../dataset/rows.js';
import type { RunReport, TeachReport } from '../../teacher/index.js';
import { count, percent, seconds, table } from './output.js';
import { paint } from './style.js';
import { visibleLines } from './visible.js';

/** Lay out what a data set of answers holds, as people read it. */
export function dataSetLines(report: TeachReport): string[] {
  const splits = SPLITS.map((split) => `${split} ${count(report.nBySplit[split])}`).join(', ');
  return [
    `${report.dir}: ${count(report.nItems)} ${report.nItems === 1 ? 'item' : 'items'} (${splits})`,
    `${count(report.nAnswers)} ${report.nAnswers === 1 ? 'answer' : 'answers'}, ${count(report.nUnparseable)} of them unreadable; ${count(report.nEdges)} tag edges`,
    ...table(
      ['tags', 'uses', 'raw', 'normalised', 'canonical'],
      SPACES.flatMap((space) => {
        const of = report.tags[space];
        if (of === undefined) return [];
        return [[space, count(of.nUses), count(of.nRaw), count(of.nNormalised), count(of.nCanonical)]];
      }),
    ),
  ];
}

/** Lay out what a live run did: the data set, the calls and their cost, the cascade, how the tags grew. */
export function runLines(report: RunReport): string[] {
  return [
    ...dataSetLines(report),
    '',
    ...table(
      ['calls', ''],
      [
        ['answered in this run', count(report.nNewAnswers)],
        ['answered before, or shared', count(report.nReused)],
        ['requests', count(report.nRequests)],
        ['retries', classes(report.nRetries, report.retriesByClass)],
        ['failed', classes(report.nFailed, report.failuresByClass)],
        ['cut short', count(report.nTruncated)],
        ['tokens in, of them cached', `${count(report.tokens.in)}, ${count(report.tokens.cached)}`],
        ['tokens out', count(report.tokens.out)],
        ...costRows(report),
        ['time', seconds(report.durationMs)],
      ],
    ),
    ...cascadeLines(report),
    ...growthLines(report),
    '',
    `answers are kept in ${report.journal}`,
    ...leftOutLines(report),
  ];
}

/** Items of the file that are not in the data set, or not whole, though nothing is wrong with them. */
function leftOutLines({ nBelowExposure, nTextsCut, nItemsLeftOut, stopped }: RunReport): string[] {
  const below = `${count(nBelowExposure)} ${nBelowExposure === 1 ? 'item' : 'items'} below --min-exposure left out`;
  const cut = `${count(nTextsCut)} ${nTextsCut === 1 ? 'text was' : 'texts were'} cut for the teacher (--max-text-length)`;
  const left = `${count(nItemsLeftOut)} ${nItemsLeftOut === 1 ? 'item' : 'items'} left out`;
  return [
    ...(nBelowExposure > 0 ? [below] : []),
    ...(nTextsCut > 0 ? [cut] : []),
    ...(stopped === null && nItemsLeftOut > 0
      ? [`${left}: they could not be read again as the run went on`]
      : []),
    ...(stopped === null
      ? []
      : [`stopped: ${stopped.message}; ${left}. Run it again with --overwrite to go on`]),
  ];
}

/** Tell on stderr which questions were given up, and what becomes of them. */
export function printFailures({ nFailed, failures }: RunReport, { json }: { readonly json?: boolean }): void {
  if (nFailed === 0 || json === true) return;
  const { red, dim } = paint(process.stderr);
  const shown = failures.slice(0, 5);
  const lines = [
    red(`${count(nFailed)} ${nFailed === 1 ? 'question' : 'questions'} got no answer`),
    ...shown.map(({ task, sourceId, sample, kind, message }) =>
      visibleLines(`  ${task} "${sourceId}", sample ${sample}: ${kind}: ${message}`),
    ),
    ...(nFailed > shown.length ? [`  ... and ${count(nFailed - shown.length)} more`] : []),
    dim('  next: run the same command again with --overwrite; only these are asked'),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** Dollars, with the digits that small sums need. */
export function dollars(microusd: number): string {
  return `$${(microusd / 1e6).toFixed(Math.abs(microusd) < 1e6 ? 4 : 2)}`;
}

function costRows({ cost, journalMicrousd }: RunReport): string[][] {
  if (cost === null) return [];
  const { measuredMicrousd, estimatedMicrousd } = cost;
  const estimated = estimatedMicrousd === 0 ? '' : `, and ${dollars(estimatedMicrousd)} by estimate`;
  return [
    ['cost of this run', dollars(measuredMicrousd) + estimated],
    ['cost of all runs in the journal', dollars(journalMicrousd)],
  ];
}

function cascadeLines({ cascade }: RunReport): string[] {
  if (cascade === null) return [];
  const { nEscalated, nSources, shareEscalated, strongModel, allStrongMicrousd, costMicrousd } = cascade;
  const saved =
    allStrongMicrousd === null || costMicrousd === null
      ? ''
      : `; the answers cost ${dollars(costMicrousd)}, all by it would be about ${dollars(allStrongMicrousd)}`;
  return [
    '',
    `${strongModel} was asked about ${count(nEscalated)} of ${count(nSources)} (${percent(shareEscalated)})${saved}`,
  ];
}

function growthLines({ growth }: RunReport): string[] {
  const rows = SPACES.flatMap((space) => {
    const of = growth[space];
    if (of === undefined) return [];
    return [[space, count(of.nDistinct), of.newPer100.toFixed(1), percent(of.recall), count(of.nCoverTags)]];
  });
  return rows.length === 0
    ? []
    : [
        '',
        ...table(
          ['tags as they came', 'distinct', 'new per 100 items', 'cover-set recall', 'cover set'],
          rows,
        ),
      ];
}

function classes(n: number, byClass: Readonly<Partial<Record<string, number>>>): string {
  const parts = Object.entries(byClass).map(([kind, times]) => `${kind} ${count(times ?? 0)}`);
  return parts.length === 0 ? count(n) : `${count(n)} (${parts.join(', ')})`;
}
