import { packageVersion } from '../../core/package-info.js';
import { SPACES } from '../../core/space.js';
import type { Evaluations } from '../evaluate-bundles.js';
import { escape } from './escape.js';
import { bundleNames, count } from './format.js';
import { overviewSection } from './overview-section.js';
import { presentIn } from './present.js';
import { spaceSection } from './space-section.js';
import { STYLE } from './style.js';
import { seriesClass } from './svg-chart.js';

/**
 * Build one self-contained page: no script, no request, every text escaped. The first bundle is the reference.
 *
 * The same evaluations give the same page: it holds no date.
 */
export function htmlReport(evaluations: Evaluations): string {
  const { reports } = evaluations;
  const first = reports[0]!;
  const names = bundleNames(reports);
  const title = reports.length === 1 ? `${names[0]!} against the teacher` : 'Students against the teacher';
  const sections = SPACES.flatMap((space) => {
    const present = presentIn(space, evaluations);
    return present.length === 0
      ? []
      : [spaceSection(space, present, { sliceBy: first.sliceBy, seed: evaluations.seed })];
  });
  const part = first.split === null ? '' : `the ${first.split} part of `;
  const leftOut =
    first.nProblems === 0
      ? ''
      : ` ${count(first.nProblems)} ${first.nProblems === 1 ? 'row' : 'rows'} could not be used.`;
  const key = names.map((name, i) => `<span><i class="chip ${seriesClass(i)}"></i>${escape(name)}</span>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}: ${escape(first.labels)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p>${reports.length === 1 ? 'One bundle' : `${reports.length} bundles, the first of which is the reference,`} on ${count(first.nItems)} items: ${part}<code>${escape(first.labels)}</code>.${leftOut} A figure is agreement with what the labels name, not truth.</p>
<p class="key">${key.join('')}</p>
</header>
<main>
${[overviewSection(reports), ...sections].map((section) => `<section>\n${section}\n</section>`).join('\n')}
</main>
<footer class="note">tagdistill ${escape(packageVersion())}. What each figure is: docs/evaluation.md of the package.</footer>
</body>
</html>
`;
}
