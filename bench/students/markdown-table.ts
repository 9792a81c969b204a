export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Write a share without its leading zero; nothing for NaN. */
export function fraction(value: number, digits = 4): string {
  return Number.isNaN(value) ? '' : value.toFixed(digits).replace(/^0\./, '.');
}

/** Write a difference with its sign. */
export function signed(value: number): string {
  const digits = value.toFixed(4).replace('0.', '.');
  return value < 0 ? digits : `+${digits}`;
}
