import { show } from '../../src/dataset/show.js';
import { innerFields, type ItemRecord } from './read-item.js';

/** Fields that hold the number of interactions, where none is named. */
export const EXPOSURE_FIELDS: readonly string[] = ['exposure', 'interactions'];

/**
 * Read how many interactions an item had: a number, also as text, as a cell of CSV has it.
 *
 * @param isNeeded whether a row without it is a problem; else it is null
 */
export function readExposure(
  record: ItemRecord,
  fields: readonly string[],
  { isNeeded }: { readonly isNeeded: boolean },
): number | null | { readonly message: string; readonly hint: string } {
  const inner = innerFields(record['fields']);
  const values = fields.map((name) => record[name] ?? inner[name]);
  const place = values.findIndex((value) => value !== undefined && value !== null && value !== '');
  const value = values[place];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const exposure = typeof number === 'bigint' ? Number(number) : number;
  if (typeof exposure === 'number' && exposure >= 0) return exposure;
  if (!isNeeded) return null;
  const names = fields.map((name) => `"${name}"`).join(' or ');
  return place < 0
    ? {
        message: `the item has no ${names}`,
        hint: 'Name the field with --exposure-field, or leave out --min-exposure.',
      }
    : {
        message: `"${fields[place]!}" should be a number from 0 up, found ${show(value)}`,
        hint: 'Mend the number.',
      };
}
