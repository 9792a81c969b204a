import { join } from 'node:path';
import { SPACES, type Space } from '../core/space.js';
import { readArrowRows } from '../dataset/arrow-reader.js';
import { SECOND_ANSWERS_FILE } from '../dataset/files.js';
import { isThere } from '../core/is-there.js';

/** Tags of one item, best first. */
type TagsOfItem = Partial<Record<Space, string[]>>;

/** Read what the teacher named when it was asked again, by item; empty where the data set has no second answers. */
export async function readSecondAnswers(dir: string): Promise<ReadonlyMap<string, TagsOfItem>> {
  const path = join(dir, SECOND_ANSWERS_FILE);
  const ranked = new Map<string, { space: Space; tag: string; rank: number }[]>();
  if (!(await isThere(path))) return new Map();
  for await (const rows of readArrowRows(path, 'item_tags')) {
    for (const { item_id, space, tag_raw: tag, rank } of rows) {
      const of = ranked.get(item_id);
      if (of === undefined) ranked.set(item_id, [{ space, tag, rank }]);
      else of.push({ space, tag, rank });
    }
  }
  return new Map(
    [...ranked].map(([id, uses]) => {
      const tags: TagsOfItem = {};
      for (const { space, tag } of uses.sort((a, b) => a.rank - b.rank)) {
        if (SPACES.includes(space)) (tags[space] ??= []).push(tag);
      }
      return [id, tags];
    }),
  );
}
