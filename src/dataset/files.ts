import { join } from 'node:path';
import type { TableName } from './schemas.js';

/** Where a table of a data set stands in its folder. */
export function tablePath(dir: string, table: TableName): string {
  return join(dir, `${table}.arrow`);
}

export const CARD_FILE = 'README.md';

/** Second answers to the same questions, in the columns of `item_tags`: the teacher's agreement with itself. */
export const SECOND_ANSWERS_FILE = 'item_tags_second.arrow';
