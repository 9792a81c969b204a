/** Take the things that a comma-separated option names. */
export function pick<T extends { readonly name: string }>(
  option: string,
  given: string,
  all: readonly T[],
): T[] {
  return given.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new Error(`--${option}: ${name} is none of ${all.map((one) => one.name).join(', ')}`);
  });
}

export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${option}: ${text} is not a whole number from 1`);
}
