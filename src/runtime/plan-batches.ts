/**
 * Cut a list of texts into runs of the model, in order, so that padding stays within a budget.
 *
 * @param widths features of each text
 * @param maxCells at most this many padded cells a run, unless one text alone has more
 */
export function planBatches(
  widths: readonly number[],
  { maxCells = 16_384, maxRows = 64 }: { readonly maxCells?: number; readonly maxRows?: number } = {},
): { readonly start: number; readonly end: number }[] {
  const batches: { start: number; end: number }[] = [];
  let start = 0;
  let widest = 1;
  widths.forEach((width, i) => {
    const wider = Math.max(widest, width);
    if (i > start && ((i + 1 - start) * wider > maxCells || i - start >= maxRows)) {
      batches.push({ start, end: i });
      start = i;
      widest = Math.max(1, width);
    } else {
      widest = wider;
    }
  });
  if (start < widths.length) batches.push({ start, end: widths.length });
  return batches;
}
