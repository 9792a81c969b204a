/** Neighbouring observations that share one fitted value. */
export interface Block {
  /** Place of the first observation. */
  readonly start: number;
  /** One past the last. */
  readonly end: number;
  readonly weight: number;
  /** Weighted mean of the observations. */
  readonly value: number;
}

/**
 * Fit the non-decreasing sequence that is nearest in weighted squares, by pooling adjacent violators.
 *
 * Neighbours with equal fitted values share a block, so that values rise strictly from block to block.
 *
 * @param values shape [n], in the order along which the fit may not fall
 * @param weights shape [n], positive; all 1 by default
 * @see Ayer, Brunk, Ewing, Reid & Silverman 1955; Zadrozny & Elkan 2002 for calibration
 */
export function isotonicBlocks(values: ArrayLike<number>, weights?: ArrayLike<number>): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < values.length; i++) {
    let block: Block = { start: i, end: i + 1, weight: weights?.[i] ?? 1, value: values[i]! };
    for (let before = blocks.at(-1); before && before.value >= block.value; before = blocks.at(-1)) {
      blocks.pop();
      const weight = before.weight + block.weight;
      const value = (before.weight * before.value + block.weight * block.value) / weight;
      block = { start: before.start, end: block.end, weight, value };
    }
    blocks.push(block);
  }
  return blocks;
}
