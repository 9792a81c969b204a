import type { Calibration } from '../src/bundle/calibration.js';

/**
 * Fit P(named) = sigmoid(scale * logit + shift) by maximum likelihood, Newton's method (Platt scaling).
 *
 * @param logits shape [n]
 * @param named shape [n], 1 where the teacher named the tag, else 0
 * @see Platt 1999; targets are smoothed as there, so that a perfect separation still has a finite answer
 */
export function fitPlatt(logits: ArrayLike<number>, named: ArrayLike<number>): Calibration {
  const n = logits.length;
  let nNamed = 0;
  for (let i = 0; i < n; i++) nNamed += named[i]!;
  const high = (nNamed + 1) / (nNamed + 2);
  const low = 1 / (n - nNamed + 2);
  let scale = 1;
  let shift = 0;
  let lastLoss = Infinity;
  for (let iteration = 0; iteration < 100; iteration++) {
    let [gScale, gShift, hss, hsb, hbb, loss] = [0, 0, 1e-6, 0, 1e-6, 0];
    for (let i = 0; i < n; i++) {
      const x = logits[i]!;
      const z = scale * x + shift;
      const p = 1 / (1 + Math.exp(-z));
      const target = named[i]! > 0 ? high : low;
      loss += Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z)));
      const error = p - target;
      const weight = p * (1 - p);
      gScale += error * x;
      gShift += error;
      hss += weight * x * x;
      hsb += weight * x;
      hbb += weight;
    }
    if (Math.abs(lastLoss - loss) < 1e-9 * (1 + Math.abs(loss))) break;
    lastLoss = loss;
    const determinant = hss * hbb - hsb * hsb;
    // A damped step: far from the optimum the quadratic model overshoots.
    const damping = iteration < 3 ? 0.5 : 1;
    scale -= (damping * (hbb * gScale - hsb * gShift)) / determinant;
    shift -= (damping * (hss * gShift - hsb * gScale)) / determinant;
  }
  return { scale, shift };
}
