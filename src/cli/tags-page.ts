import { packageVersion } from '../core/package-info.js';
import { SPACES } from '../core/space.js';
import { escape } from '../evaluate/report/escape.js';
import { table } from '../evaluate/report/format.js';
import { STYLE } from '../evaluate/report/style.js';
import type { SpaceInspection, TagInspection } from '../tags/library/inspect-tags.js';
import { linePlot } from './line-plot.js';
import { count, percent } from './output.js';

/** Build one self-contained page on the tags of a data set or library: no script, no request, every text escaped. */
export function tagsPage(name: string, { kind, tau, spaces }: TagInspection): string {
  const sections = SPACES.flatMap((space) => {
    const of = spaces[space];
    return of === undefined
      ? []
      : [`<section>\n<h2>${space} tags</h2>\n${spaceSection(of, tau)}\n</section>`];
  });
  const title = `Tags of the ${kind === 'dataset' ? 'data set' : kind} ${name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escape(title)}</h1></header>
<main>
${sections.join('\n')}
</main>
<footer class="note">tagdistill ${escape(packageVersion())}. What each figure is: docs/tags.md of the package.</footer>
</body>
</html>
`;
}

function spaceSection(of: SpaceInspection, tau: number): string {
  const { nItems, nRaw, nCanonical, onceUsed, zipfSlope, nByReason } = of;
  const plots = [
    linePlot([{ name: 'distinct tags', points: of.growth }], {
      title: 'Growth of the full set',
      xLabel: 'items',
      yLabel: 'canonical tags',
    }),
    linePlot([{ name: 'tags', points: of.rankUses, isDotted: true }], {
      title: `Frequency law, slope ${zipfSlope.toFixed(2)}`,
      xLabel: 'rank',
      yLabel: 'items that have it',
      isLog: true,
    }),
    linePlot([{ name: `tau ${tau}`, points: of.depths.map(({ depth, nTags }) => [depth, nTags]) }], {
      title: 'Size of the cover set by depth',
      xLabel: 'tags that an item must have',
      yLabel: 'tags of the set',
    }),
  ];
  const uses = (tags: SpaceInspection['top']): string[][] =>
    tags.map(({ tag, uses: n }) => [escape(tag), count(n)]);
  return [
    `<p>${count(nItems)} items, ${count(nRaw)} raw tags, ${count(nCanonical)} canonical ones; ${percent(onceUsed)} of them on one item. Merged: ${count(nByReason.spelling)} by spelling, ${count(nByReason.semantic)} by meaning, ${count(nByReason.decision)} by decision.</p>`,
    `<div class="charts">${plots.map((plot) => `<figure>${plot}</figure>`).join('')}</div>`,
    '<h3>Coverage by depth</h3>',
    table(
      ['depth', 'tags', 'recall', 'set tags an item'],
      of.depths.map(({ depth, nTags, recall, meanTagsPerItem }) => [
        ...[String(depth), count(nTags), percent(recall), meanTagsPerItem.toFixed(1)],
      ]),
      'coverage by depth',
    ),
    '<h3>Top</h3>',
    table(['tag', 'items'], uses(of.top), 'most used tags'),
    '<h3>Tail</h3>',
    table(['tag', 'items'], uses(of.tail), 'least used tags'),
    '<h3>Largest merges</h3>',
    table(
      ['canonical', 'forms'],
      of.merges.map(({ canonical, forms }) => [escape(canonical), escape(forms.join(' | '))]),
      'largest merges',
    ),
  ].join('\n');
}
