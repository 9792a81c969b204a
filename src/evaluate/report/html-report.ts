import { SPACES, type Space } from '../../core/space.js';
import { FREQUENCY_BANDS } from '../../metrics/frequency-band.js';
import { RANKING_METRICS } from '../../metrics/ranking-report.js';
import { INTERVAL_METRICS, type Comparisons, type IntervalMetric } from '../compare-evaluations.js';
import type { EvaluateReport } from '../evaluate-bundle.js';
import type { SpaceEvaluation } from '../space-tally.js';
import { escape } from './escape.js';
import { STYLE } from './style.js';
import { barChart, lineChart } from './svg-chart.js';

/** The evaluations of one or more bundles on the same labels. */
export interface ReportData {
  readonly reports: readonly EvaluateReport[];
  readonly comparisons: Comparisons;
}

/** Build one self-contained page: no script, no request, every text escaped. The first bundle is the reference. */
export function htmlReport({ reports, comparisons }: ReportData): string {
  const [first] = reports;
  const spaces = SPACES.filter((space) => reports.some((report) => report.spaces[space] !== undefined));
  const body = [
    `<h1>Students against the teacher</h1>`,
    `<p>${reports.length === 1 ? 'One bundle' : `${reports.length} bundles`} on ${count(first!.nItems)} items of <code>${escape(first!.labels)}</code>, tags compared as exact strings.</p>`,
    key(reports),
    facts(reports),
    ...spaces.map((space) => spaceSection(space, reports, comparisons)),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Students against the teacher: ${escape(first!.labels)}</title><style>${STYLE}</style></head>
<body>${body.join('\n')}</body></html>
`;
}

function key(reports: readonly EvaluateReport[]): string {
  const names = reports.map(({ bundle }, i) => `<span class="s${i % 4}"><i></i>${escape(bundle)}</span>`);
  return `<p class="key">${names.join('')}</p>`;
}

function facts(reports: readonly EvaluateReport[]): string {
  const { teacherCost, facts: firstFacts } = reports[0]!;
  const rows = reports.map(({ bundle, facts: { sizeBytes, nParameters, latency } }) => [
    escape(bundle),
    `${(sizeBytes / 1e6).toFixed(1)} MB`,
    count(nParameters),
    `${latency.medianMs.toFixed(2)} ms`,
    `${latency.p99Ms.toFixed(2)} ms`,
  ]);
  const cost =
    teacherCost === null
      ? 'The labels carry no teacher calls, so there is no cost to compare with.'
      : teacherCost.totalUsd === null
        ? `The teacher's ${count(teacherCost.nCalls)} calls: cost not recorded.`
        : `The teacher's calls cost $${teacherCost.totalUsd.toFixed(2)} over the ${count(teacherCost.nRecorded)} of ${count(teacherCost.nCalls)} whose cost was recorded; a student's call costs its time.`;
  return `<h2>Size, speed, cost</h2>${table(['bundle', 'size', 'parameters', 'median call', 'p99 call'], rows)}
<p class="note">Single calls of one text, one thread, on ${escape(firstFacts.cpu)}. ${cost}</p>`;
}

function spaceSection(space: Space, reports: readonly EvaluateReport[], comparisons: Comparisons): string {
  const present = reports.flatMap((report, i) => {
    const of = report.spaces[space];
    return of === undefined ? [] : [{ name: report.bundle, of, comparison: comparisons[i]![space]! }];
  });
  const first = present[0]!.of;
  const metricRows = RANKING_METRICS.map((metric) => [
    metric === 'MRR' ? `MRR@${first.depth}` : metric,
    ...present.map(({ of, comparison }) => {
      const interval = isIntervalMetric(metric) ? comparison[metric].interval : undefined;
      const range =
        interval === undefined ? '' : ` <small>[${figure(interval.low)}, ${figure(interval.high)}]</small>`;
      return figure(of.means[metric]) + range;
    }),
  ]);
  const names = present.map(({ name }) => escape(name));
  return [
    `<h2>${space === 'item' ? 'Item tags' : 'User tags'}</h2>`,
    `<p>${count(first.nItems)} items with labels, ${count(first.nWithoutLabels)} without left out; ${percent(first.outsideVocabulary)} of ${count(first.nLabelUses)} label uses are tags that ${names.length > 1 ? 'the first student' : 'the student'} cannot name. They stay in the ideal, so 1 is out of reach.</p>`,
    table(['', ...names], metricRows),
    `<p class="note">Means over items, binary gains; in brackets 95 % intervals by bootstrap over items.</p>`,
    differences(present),
    slices(present, reports[0]!.sliceBy),
    `<div class="charts">${charts(present).join('')}</div>`,
    secondaryTable(present),
    selfAgreement(first),
    examples(first, present.length > 1 ? names[0]! : undefined),
  ].join('\n');
}

interface Present {
  readonly name: string;
  readonly of: SpaceEvaluation;
  readonly comparison: NonNullable<Comparisons[number][Space]>;
}

function differences(present: readonly Present[]): string {
  const rows = present.slice(1).flatMap(({ name, comparison }) =>
    INTERVAL_METRICS.flatMap((metric) => {
      const { difference } = comparison[metric];
      if (difference === null) return [];
      const range = `[${figure(difference.low)}, ${figure(difference.high)}]`;
      return [[`${escape(name)}, ${metric}`, figure(difference.mean), range, difference.p.toPrecision(2)]];
    }),
  );
  if (rows.length === 0) return '';
  return `<h3>Difference to ${escape(present[0]!.name)}</h3>${table(['', 'difference', '95 % interval', 'p'], rows)}
<p class="note">Paired over the same items; p by randomisation test, two-sided.</p>`;
}

function slices(present: readonly Present[], sliceBy: string | null): string {
  const names = [...new Set(present.flatMap(({ of }) => Object.keys(of.slices)))];
  if (names.length === 0) return '';
  const rows = names.map((slice) => [
    `${escape(slice)} (${count(present[0]!.of.slices[slice]?.nItems ?? 0)})`,
    ...present.map(({ of }) => figure(of.slices[slice]?.means['nDCG@5'])),
  ]);
  return `<h3>nDCG@5 by ${escape(sliceBy ?? 'slice')}</h3>${table([`${escape(sliceBy ?? 'slice')} (items)`, ...present.map(({ name }) => escape(name))], rows)}`;
}

function charts(present: readonly Present[]): string[] {
  const reliability = lineChart(
    present.map(({ name, of }) => ({
      name,
      points: of.calibration.bins.map(({ meanProbability: x, shareNamed: y }) => ({ x, y })),
    })),
    { title: 'Reliability', xLabel: 'mean score', yLabel: 'share named', diagonal: true, dots: true },
  );
  const curve = lineChart(
    present.map(({ name, of }) => ({
      name,
      points: of.curve.map(({ recall: x, precision: y }) => ({ x, y })),
    })),
    { title: 'Precision and recall', xLabel: 'recall', yLabel: 'precision' },
  );
  const bands = barChart(
    FREQUENCY_BANDS.filter((band) => present[0]!.of.bands[band].shareOfUses > 0).map((band) => ({
      name: band,
      detail: percent(present[0]!.of.bands[band].shareOfUses),
      values: present.map(({ of }) => of.bands[band].recall),
    })),
    { title: 'Recall by tag frequency', yLabel: 'recall@10', names: present.map(({ name }) => name) },
  );
  const frequency = barChart(
    present[0]!.of.frequency
      .map(({ from, to, nLabelUses }, bin) => ({
        name: to === null ? `${from}+` : to === from ? String(from) : `${from}-${to}`,
        detail: count(nLabelUses),
        values: present.map(({ of }) => of.frequency[bin]!.recall),
      }))
      .filter(({ detail }) => detail !== '0'),
    { title: 'Curve by tag frequency', yLabel: 'recall@10', names: present.map(({ name }) => name) },
  );
  return [
    chart(
      bands,
      'Recall@10 by how often training saw the tag',
      'head: 20 items or more, torso: 3 or more, tail: fewer, unseen: none. Under each band its share of the label uses.',
    ),
    chart(
      frequency,
      'The curve by tag frequency',
      'The same over label uses, by the number of training items that have the tag; under each its label uses.',
    ),
    chart(
      reliability,
      `Reliability, ECE@5 ${present.map(({ of }) => figure(of.calibration['ECE@5'])).join(' / ')}`,
      'The best five tags of each item, by score: on the dashed line a score is exactly the share that the teacher named.',
    ),
    chart(
      curve,
      'Precision and recall over thresholds',
      `All tags of the best ${present[0]!.of.depth} with at least a score, from strict to lax; a tag not named counts as wrong.`,
    ),
  ];
}

function chart(svg: string, title: string, note: string): string {
  return `<figure>${svg}<figcaption><b>${escape(title)}</b><span class="note">${escape(note)}</span></figcaption></figure>`;
}

function secondaryTable(present: readonly Present[]): string {
  const rows = [
    ['PSP@5', ...present.map(({ of }) => figure(of.propensity['PSP@5']))],
    ['PSnDCG@5', ...present.map(({ of }) => figure(of.propensity['PSnDCG@5']))],
    ['Coverage@10', ...present.map(({ of }) => figure(of.diversity['Coverage@10']))],
    ['Gini@10', ...present.map(({ of }) => figure(of.diversity['Gini@10']))],
    ['novelty@10, bits', ...present.map(({ of }) => of.diversity['novelty@10'].toFixed(2))],
  ];
  return `<h3>Rare tags and diversity</h3>${table(['', ...present.map(({ name }) => escape(name))], rows)}
<p class="note">PSP and PSnDCG weigh rare tags more (Jain et al. 2016; ratio to the best achievable). Coverage: share of the vocabulary shown in any top ten. Gini: 0 when all tags are shown alike, 1 when as few as can be.</p>`;
}

function selfAgreement({ selfAgreement: agreement }: SpaceEvaluation): string {
  if (agreement === null) return '';
  const { teacher, student } = agreement;
  const rows = [
    ["teacher's second answer", figure(teacher.means['nDCG@5']), figure(teacher.means['nDCG@10'])],
    ['first student, same items', figure(student.means['nDCG@5']), figure(student.means['nDCG@10'])],
  ];
  return `<h3>The teacher against itself</h3>${table([`${count(teacher.nItems)} items`, 'nDCG@5', 'nDCG@10'], rows)}
<p class="note">The teacher was asked twice about these items. A reference, not a bound: a student that ranks the popular tags first can pass it.</p>`;
}

function examples({ examples: list }: SpaceEvaluation, of: string | undefined): string {
  const blocks = list.map(({ id, text, student, teacher, 'nDCG@10': value }) => {
    const named = new Set(teacher.map(({ tag }) => tag));
    const own = student.map(({ tag, score }) => {
      const shown = `${escape(tag)} ${score.toFixed(2)}`;
      return named.has(tag) ? `<span class="hit">${shown}</span>` : shown;
    });
    return `<div class="example"><p><b>${escape(id)}</b> <span class="note">nDCG@10 ${figure(value)}</span><br>${escape(text)}</p>
<div><b>student</b><br>${own.join(', ')}</div><div><b>teacher</b><br>${teacher.map(({ tag, strength }) => escape(tag) + (strength === null ? '' : ` ${strength.toFixed(2)}`)).join(', ')}</div></div>`;
  });
  return `<h3>Where student and teacher differ most${of === undefined ? '' : `, ${of}`}</h3>${blocks.join('\n')}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function isIntervalMetric(metric: string): metric is IntervalMetric {
  return (INTERVAL_METRICS as readonly string[]).includes(metric);
}

function figure(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(4);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function count(n: number): string {
  return n.toLocaleString('en-GB');
}
