import { seededRandom } from '../core/random.js';
import { bootstrapMean, type Interval } from '../metrics/bootstrap.js';
import { mean } from '../metrics/mean.js';

const Z = 1.959964; // the 97.5 % quantile of the normal distribution
const MANY = 20_000;

/**
 * Give the 95 % interval of a mean over items; NaN values are left out.
 *
 * Up to 20,000 items by bootstrap (BCa, 2,000 resamples). Beyond, by the normal distribution, which the bootstrap
 * then repeats to about a hundredth of the interval's width, at a thousandth of the time.
 *
 * @param values shape [n]
 */
export function meanInterval(values: Float32Array | Float64Array, seed: number): Interval {
  if (values.length <= MANY) return bootstrapMean(values, { random: seededRandom(seed) });
  const { value, n } = mean(values);
  let squares = 0;
  for (const x of values) if (!Number.isNaN(x)) squares += (x - value) ** 2;
  const margin = (Z * Math.sqrt(squares / (n - 1))) / Math.sqrt(n);
  return { mean: value, low: value - margin, high: value + margin, n };
}
