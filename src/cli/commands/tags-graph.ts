import { Command, Option } from 'commander';
import { join } from 'node:path';
import { TagdistillError } from '../../core/errors.js';
import { isThere } from '../../core/is-there.js';
import { SPACES, type Space } from '../../core/space.js';
import { DIRECTIONS } from '../../tags/graph/direction.js';
import { graphmlLines } from '../../tags/graph/graphml.js';
import { graphStatistics, type GraphStatistics } from '../../tags/graph/graph-statistics.js';
import type { LogicGraph } from '../../tags/graph/logic-graph.js';
import { neighbourhood, neighbourhoodLines, type NeighbourhoodTree } from '../../tags/graph/neighbourhood.js';
import { neighbourhoodSvg } from '../../tags/graph/neighbourhood-svg.js';
import { buildLogic, type LogicReport } from '../../tags/library/logic-build.js';
import { LIBRARY_FILES } from '../../tags/library/library-files.js';
import { readCoverTags, readLibraryGraph, writeLogicEdges } from '../../tags/library/logic-edges.js';
import { hasTagEdges } from '../../tags/library/logic-rows.js';
import { MATCH_KINDS } from '../../tags/transfer/name-matcher.js';
import type { CommandContext } from '../context.js';
import { openTagVectors } from '../open-tag-vectors.js';
import { count, percent, printReport, table, type CommonOptions } from '../output.js';
import { positiveInteger, share } from '../parse-options.js';
import { progressBar } from '../progress-bar.js';
import { visible } from '../visible.js';
import { writeLines } from '../write-lines.js';
import { writeWholeFile } from '../write-whole-file.js';

interface Options extends CommonOptions {
  readonly tag?: string;
  readonly space?: Space;
  readonly neighbours: number;
  readonly depth: number;
  readonly on?: string;
  readonly near?: number;
  readonly encoder?: string;
  readonly top: number;
  readonly graphml?: string;
  readonly arrow?: string;
  readonly svg?: string;
}

export function tagsGraphCommand({ signal }: CommandContext): Command {
  return new Command('graph')
    .description('the logic graph: which topics are for whom, and what a role is likely to want')
    .argument('<folder>', 'tag library, or data set with answers to tag questions')
    .option('--tag <tag>', 'show where this tag leads')
    .addOption(new Option('--space <space>', 'the space of --tag (default: where it stands)').choices(SPACES))
    .option('--neighbours <n>', 'edges to follow from each tag', positiveInteger, 8)
    .option('--depth <n>', 'steps to follow', positiveInteger, 2)
    .option('--on <folder>', 'of a data set: map the answers on the cover set of this library')
    .option(
      '--near <cosine>',
      'with --on: also take an answer for the nearest tag from this cosine up',
      share,
    )
    .option('--encoder <folder>', 'with --near: static encoder (default: the one that ships)')
    .option('--top <n>', 'of a data set: edges to keep of a source', positiveInteger, 20)
    .option('--graphml <file>', 'write the graph for networkx, Gephi, yEd')
    .option('--arrow <file>', 'write the edges as an Arrow table')
    .option('--svg <file>', 'with --tag: draw where it leads')
    .addHelpText(
      'after',
      `
Examples:
  $ tagdistill tags graph datasets/books --tag retiree
  $ tagdistill tags graph libraries/books --graphml books.graphml`,
    )
    .action(async (folder: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const bar = progressBar(options);
      const { graph, report } = await openGraph(folder, options, {
        onProgress: bar.onProgress,
        signal,
      }).finally(() => bar.stop());
      const trees = treesOf(graph, options);
      const statistics = graphStatistics(graph.matrices);
      if (options.arrow !== undefined) await writeLogicEdges(options.arrow, graph);
      if (options.graphml !== undefined) await writeLines(options.graphml, graphmlLines(graph));
      if (options.svg !== undefined) await writeWholeFile(options.svg, neighbourhoodSvg(trees[0]!));
      printReport({ statistics, ...(report && { answers: report }), neighbourhoods: trees }, options, () =>
        trees.length > 0
          ? trees.flatMap((tree, i) => [...(i > 0 ? [''] : []), ...neighbourhoodLines(tree).map(visible)])
          : [...statisticsLines(statistics), ...(report === undefined ? [] : ['', ...answerLines(report)])],
      );
    });
}

async function openGraph(
  folder: string,
  { on, near, encoder, top }: Options,
  running: Pick<NonNullable<Parameters<typeof buildLogic>[1]>, 'onProgress' | 'signal'>,
): Promise<{ readonly graph: LogicGraph; readonly report?: LogicReport }> {
  if (await isThere(join(folder, LIBRARY_FILES.logic))) return { graph: await readLibraryGraph(folder) };
  if (!(await hasTagEdges(folder))) {
    throw new TagdistillError(
      'E_FILE_MISSING',
      `neither ${LIBRARY_FILES.logic} nor tag_edges.arrow is here`,
      {
        file: folder,
        hint: 'Give a tag library, or a data set for which a teacher answered tag questions: `tagdistill teach --tasks item2tag,i2u,u2i`.',
      },
    );
  }
  if (near !== undefined && on === undefined) {
    throw new TagdistillError('E_BAD_OPTION', '--near needs a cover set to map the answers on', {
      hint: 'Give --on <library>.',
    });
  }
  return buildLogic([folder], {
    top,
    ...(on !== undefined && { tags: await readCoverTags(on) }),
    ...(near !== undefined && {
      near: { vectorOf: (await openTagVectors(encoder)).vectorOf, threshold: near },
    }),
    ...running,
  });
}

function treesOf(graph: LogicGraph, { tag, space, neighbours: k, depth, svg }: Options): NeighbourhoodTree[] {
  if (tag === undefined) {
    if (svg === undefined) return [];
    throw new TagdistillError('E_BAD_OPTION', '--svg draws where a tag leads', { hint: 'Give --tag.' });
  }
  const spaces = SPACES.filter((of) => (space ?? of) === of && graph.place(of, tag) !== undefined);
  if (spaces.length === 0) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `there is no ${space === undefined ? '' : `${space} `}tag ${JSON.stringify(tag)} in the graph`,
      { hint: 'Give a tag as it is printed there; --graphml or --arrow lists them all.' },
    );
  }
  return spaces.map((of) => neighbourhood(graph, tag, { space: of, k, depth }));
}

function statisticsLines(statistics: GraphStatistics): string[] {
  const { nTags, shareIsolated, nComponents, largestComponent } = statistics;
  return [
    `${count(nTags.item)} item tags, ${count(nTags.user)} user tags; no edge touches ${percent(shareIsolated.item)} and ${percent(shareIsolated.user)}`,
    `${count(nComponents)} ${nComponents === 1 ? 'part' : 'parts'}; the largest has ${count(largestComponent)} tags`,
    '',
    ...table(
      [
        'direction',
        'edges',
        'out: median',
        'mean',
        'max',
        'in: median',
        'mean',
        'max',
        'no way out',
        'in',
        'both ways',
      ],
      DIRECTIONS.map((direction) => {
        const of = statistics[direction];
        return [
          direction,
          count(of.nEdges),
          ...[of.outDegree, of.inDegree].flatMap(({ median, mean, max }) => [
            String(median),
            mean.toFixed(1),
            count(max),
          ]),
          percent(of.shareWithoutOut),
          percent(of.shareWithoutIn),
          percent(of.reciprocity),
        ];
      }),
    ),
  ];
}

function answerLines({ nAnswered, nMapped, sources, targets }: LogicReport): string[] {
  return table(
    ['answers', 'edges', 'mapped', 'end', ...MATCH_KINDS],
    DIRECTIONS.flatMap((direction) =>
      (
        [
          ['source', sources],
          ['target', targets],
        ] as const
      ).map(([end, counts]) => [
        direction,
        count(nAnswered[direction]),
        percent(nMapped[direction] / nAnswered[direction]),
        end,
        ...MATCH_KINDS.map((kind) => percent(counts[direction][kind].nUses / nAnswered[direction])),
      ]),
    ),
  );
}
