import { InvalidArgumentError } from 'commander';

/** Read a whole number from 1 up. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('A whole number from 1 up is wanted.');
  return value;
}

/** Read any whole number, e.g. a seed. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value))
    throw new InvalidArgumentError('A whole number is wanted.');
  return value;
}

/** Read a share from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('A number from 0 to 1 is wanted.');
  return value;
}

/** Read points, hundredths of a figure, from 0 up. */
export function points(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError('A number from 0 up is wanted.');
  return value;
}
