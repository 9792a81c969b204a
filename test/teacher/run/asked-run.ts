import { writeFileSync } from 'node:fs';
import { readArrowRows } from '../../../src/dataset/arrow-reader.js';
import { tablePath } from '../../../src/dataset/files.js';
import type { ItemTagRow } from '../../../src/dataset/rows.js';
import type { TableName, Tables } from '../../../src/dataset/schemas.js';
import { readAll } from '../../support/read-all.js';

/** Books that differ in a number alone. */
export function books(n: number): { id: string; text: string }[] {
  return Array.from({ length: n }, (_, i) => ({ id: `b${i}`, text: `The story of book ${i}.` }));
}

/** Write items as JSON Lines. */
export function writeItems(path: string, items: readonly object[]): string {
  writeFileSync(path, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  return path;
}

/** Read a whole table of a data set. */
export function rowsOf<Name extends TableName>(folder: string, table: Name): Promise<Tables[Name][]> {
  return readAll(readArrowRows(tablePath(folder, table), table));
}

/** Tags without the keys of their calls, which hang on the server's address. */
export async function tagsIn(folder: string): Promise<Omit<ItemTagRow, 'call_keys'>[]> {
  return (await rowsOf(folder, 'item_tags')).map(({ call_keys: _, ...tag }) => tag);
}

/** A clock for a run under which no wait takes any time. */
export function hastyClock(): { now: () => number; sleep: (ms: number) => Promise<void> } {
  let ms = Date.UTC(2026, 0, 1);
  return {
    now: () => ms,
    sleep: async (forMs) => {
      await new Promise(setImmediate);
      ms += forMs;
    },
  };
}
