/**
 * Jaccard similarity of two sets: |a ∩ b| / |a ∪ b|, in [0, 1]; 1 for two empty sets.
 *
 * @see Jaccard 1901; `jaccard_score` of scikit-learn (which gives 0 for two empty sets)
 */
export function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const value of a) if (b.has(value)) shared++;
  const union = a.size + b.size - shared;
  return union === 0 ? 1 : shared / union;
}
