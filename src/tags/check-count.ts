import { TagdistillError } from '../core/errors.js';

/** @throws TagdistillError `E_BAD_OPTION` if an option is no positive integer */
export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new TagdistillError('E_BAD_OPTION', `${name} is ${value}`, {
    hint: 'Give a whole number from 1 up.',
  });
}
