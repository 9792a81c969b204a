import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPACES, type Space } from '../../../src/core/space.js';
import { importLabels } from '../../../src/dataset/import-labels.js';
import { Scorer } from '../../../src/runtime/scorer.js';
import { normaliseTag } from '../../../src/tags/normalise.js';
import { trainItem2Tag } from '../../../student/index.js';
import type { BenchItem } from '../data/bench-split.js';
import { writeSplit, type WrittenSplit } from '../write-split.js';
import { heldOutTags, newTruth, withoutTags } from './hold-out.js';
import { byCosine, byOverlap, byStudent, type RankTags } from './rankers.js';

/** Who ranks the held-out tags, in the order of the tables. */
export const RANKERS = {
  student: 'student that never saw these tags',
  cosine: 'cosine of text and tag, static encoder',
  overlap: "share of the tag's words in the text",
  ceiling: 'student trained with these tags',
} as const;
export type Ranker = keyof typeof RANKERS;

/** Places kept of a ranking. */
export const TOP_K = 10;

export interface NewTagsRankings {
  /** Tags that every ranker puts in order. */
  readonly heldOut: readonly string[];
  /** First tags of each test item; null for an item without a held-out tag. */
  readonly rankings: Readonly<Record<Ranker, readonly (readonly string[] | null)[]>>;
}

/** One seed of one data set. */
export type NewTagsRun = Readonly<Partial<Record<Space, NewTagsRankings>>>;

export interface NewTagsOptions {
  readonly data: string;
  readonly seed: number;
  readonly threads: number;
}

/** Train with and without some of the tags, and rank these for each test item that has one. */
export async function rankNewTags(split: WrittenSplit, options: NewTagsOptions): Promise<NewTagsRun> {
  const { data, seed } = options;
  const heldOut = { item: heldOutTags(split, 'item', seed), user: heldOutTags(split, 'user', seed) };
  const sets = { item: new Set(heldOut.item), user: new Set(heldOut.user) };
  const rest = { train: withoutTags(split.train, sets), test: split.test };
  const { dir: restDir } = await writeSplit(`${data}-${seed}-without-tags`, rest);
  const scratch = await mkdtemp(join(tmpdir(), 'tagdistill-bench-'));
  const scorers: Scorer[] = [];
  try {
    const dirs = [
      await train(restDir, join(scratch, 'without'), options),
      await train(split.dir, join(scratch, 'with'), options),
    ] as const;
    for (const dir of dirs) scorers.push(await Scorer.load(dir, options));
    const [student, ceiling] = scorers as [Scorer, Scorer];
    const ranks: Readonly<Record<Ranker, RankTags>> = {
      student: byStudent(student),
      cosine: await byCosine(),
      overlap: await byOverlap(dirs[0]),
      ceiling: byStudent(ceiling),
    };
    const run: Partial<Record<Space, NewTagsRankings>> = {};
    for (const space of SPACES) {
      const tags = heldOut[space];
      if (tags.length === 0) continue;
      checkWhoKnows(tags, space, { student, ceiling });
      const rankWith = (ranker: Ranker) => rankItems(split.test, { space, tags, rank: ranks[ranker] });
      run[space] = {
        heldOut: tags,
        rankings: {
          student: await rankWith('student'),
          cosine: await rankWith('cosine'),
          overlap: await rankWith('overlap'),
          ceiling: await rankWith('ceiling'),
        },
      };
    }
    return run;
  } finally {
    for (const scorer of scorers) await scorer.close();
    await rm(scratch, { recursive: true });
  }
}

async function train(splitDir: string, scratch: string, { seed, threads }: NewTagsOptions): Promise<string> {
  const dataset = join(scratch, 'dataset');
  await importLabels({ labels: join(splitDir, 'train.jsonl'), out: dataset, normalise: normaliseTag, seed });
  const out = join(scratch, 'student');
  await trainItem2Tag({ dataset, out, seed, threads });
  return out;
}

async function rankItems(
  items: readonly BenchItem[],
  { space, tags, rank }: { readonly space: Space; readonly tags: readonly string[]; readonly rank: RankTags },
): Promise<(readonly string[] | null)[]> {
  const heldOut = new Set(tags);
  const rankings: (readonly string[] | null)[] = [];
  for (const item of items) {
    const isAsked = newTruth(item, space, heldOut).size > 0;
    rankings.push(isAsked ? (await rank(item.text, tags, space)).slice(0, TOP_K) : null);
  }
  return rankings;
}

/** Make sure that the tags are new to the one student and none is new to the other. */
function checkWhoKnows(
  tags: readonly string[],
  space: Space,
  { student, ceiling }: { readonly student: Scorer; readonly ceiling: Scorer },
): void {
  const [known, all] = [new Set(student.tags(space)), new Set(ceiling.tags(space))];
  const wrong = tags.find((tag) => known.has(tag) || !all.has(tag));
  if (wrong === undefined) return;
  throw new Error(
    `${space} tag ${JSON.stringify(wrong)} is known where it should be new, or the other way round`,
  );
}
