import type { EvaluateReport } from '../evaluate-bundle.js';
import type { TeacherCost } from '../teacher-cost.js';
import { escape } from './escape.js';
import { bundleNames, count, note, table } from './format.js';
import { seriesClass } from './svg-chart.js';

/** Say which bundles there are, on what they were measured, their size and speed, and what the teacher cost. */
export function overviewSection(reports: readonly EvaluateReport[]): string {
  const first = reports[0]!;
  const names = bundleNames(reports);
  const rows = reports.map(({ bundle, facts: { sizeBytes, nParameters, latency } }, i) => [
    `<span class="chip ${seriesClass(i)}"></span>${escape(names[i]!)}`,
    `<code>${escape(bundle)}</code>`,
    `${(sizeBytes / 1e6).toFixed(1)} MB`,
    count(nParameters),
    milliseconds(latency.medianMs),
    milliseconds(latency.p99Ms),
  ]);
  const calls = count(first.facts.latency.nCalls);
  return [
    `<h2>Size, speed, cost</h2>`,
    table(
      ['bundle', 'folder', 'size', 'parameters', 'median call', 'p99 call'],
      rows,
      'Size and speed of the bundles',
    ),
    note(
      `Calls: one text each, one after the other, one thread, ${calls} of the texts, on this machine's ${escape(first.facts.cpu)}.`,
    ),
    `<p>${costOf(first.teacherCost, first.facts.latency.medianMs)}</p>`,
  ].join('\n');
}

function costOf(cost: TeacherCost | null, medianMs: number): string {
  if (cost === null) return 'Teacher: the labels carry no calls, so its cost is not recorded.';
  const by = cost.models.length === 0 ? 'model not recorded' : escape(cost.models.join(', '));
  const calls = `Teacher (${by}): ${count(cost.nCalls)} calls`;
  if (cost.totalUsd === null) return `${calls}, cost not recorded.`;
  const known =
    cost.nRecorded === cost.nCalls ? '' : ` over the ${count(cost.nRecorded)} whose cost was recorded`;
  const each =
    cost.meanItemUsd === null
      ? ''
      : `, $${cost.meanItemUsd.toPrecision(3)} an item; the student takes ${milliseconds(medianMs)} of one core an item instead`;
  return `${calls}, $${cost.totalUsd.toFixed(2)}${known}${each}.`;
}

function milliseconds(value: number): string {
  return Number.isNaN(value) ? '-' : `${value.toFixed(2)} ms`;
}
