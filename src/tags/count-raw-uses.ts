import { TagdistillError } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import { readArrowRows } from '../dataset/arrow-reader.js';
import { tablePath } from '../dataset/files.js';

/**
 * Count the rows of `item_tags.arrow` that have each raw tag, in the order in which tags first come.
 *
 * @param beforeBatch called before each batch; may throw
 * @throws TagdistillError `E_BAD_ROW` for a space that is none; what reading throws
 */
export async function countRawUses(
  dataset: string,
  beforeBatch: () => void,
): Promise<Record<Space, Map<string, number>>> {
  const path = tablePath(dataset, 'item_tags');
  const uses: Record<Space, Map<string, number>> = { item: new Map(), user: new Map() };
  let row = 0;
  for await (const batch of readArrowRows(path, 'item_tags')) {
    beforeBatch();
    for (const { space, tag_raw } of batch) {
      if (!SPACES.includes(space)) {
        throw new TagdistillError('E_BAD_ROW', `space is ${JSON.stringify(space)}, not item or user`, {
          file: path,
          row,
          hint: 'Make the data set again.',
        });
      }
      uses[space].set(tag_raw, (uses[space].get(tag_raw) ?? 0) + 1);
      row++;
    }
  }
  return uses;
}
