/** Averages per-item values one at a time; NaN means that the item has no value and is left out. */
export class Mean {
  /** Items that counted. */
  n = 0;
  /** Items left out because their value was NaN. */
  nLeftOut = 0;
  private sum = 0;

  add(value: number): void {
    if (Number.isNaN(value)) {
      this.nLeftOut++;
    } else {
      this.n++;
      this.sum += value;
    }
  }

  /** The mean of the items that counted; NaN when none did. */
  get value(): number {
    return this.sum / this.n;
  }
}

/** Average an array of per-item values, leaving out NaN. */
export function mean(values: Iterable<number>): Mean {
  const result = new Mean();
  for (const value of values) result.add(value);
  return result;
}
