/**
 * Weigh tokens by a / (a + p), where p is their frequency by Zipf's law: 1 / (rank + 1), brought to a sum of 1.
 *
 * Ranks are places in the vocabulary from 1, which most tokenizers order by frequency.
 *
 * @param n number of tokens
 * @returns shape [n]
 * @see Arora et al. 2017, smooth inverse frequency; Model2Vec `compute_weights`
 */
export function zipfWeights(n: number, sif: number): Float64Array {
  const inverseRanks = Float64Array.from({ length: n }, (_, i) => 1 / (i + 2));
  const total = inverseRanks.reduce((sum, value) => sum + value, 0);
  return inverseRanks.map((value) => sif / (sif + value / total));
}
