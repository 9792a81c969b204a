/** Weigh a 0-based place as DCG does: 1 / log2(rank + 1) with the 1-based rank, so 1 for the first place. */
export function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}
