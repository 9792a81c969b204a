/** A logistic curve: P = sigmoid(scale * logit + shift). */
export interface Curve {
  readonly scale: number;
  readonly shift: number;
}

const MAX_ITERATIONS = 100;
const RIDGE = 1e-9;

/**
 * Fit P(named) = sigmoid(scale * logit + shift) by maximum likelihood (Platt scaling).
 *
 * Newton's method with backtracking. Targets are smoothed, so that a perfect separation still has a finite answer.
 * A scale that comes out negative is set to 0: a higher logit must never mean a lower probability.
 *
 * @param logits shape [n]
 * @param named shape [n], 1 where the teacher named the tag, else 0
 * @see Platt 1999; Lin, Lin & Weng 2007
 */
export function fitPlatt(logits: ArrayLike<number>, named: ArrayLike<number>): Curve {
  const n = logits.length;
  let nNamed = 0;
  for (let i = 0; i < n; i++) nNamed += named[i]!;
  const high = (nNamed + 1) / (nNamed + 2);
  const low = 1 / (n - nNamed + 2);
  const target = (i: number): number => (named[i]! > 0 ? high : low);
  const loss = ({ scale, shift }: Curve): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const z = scale * logits[i]! + shift;
      sum += logLoss(z, target(i));
    }
    return sum;
  };
  let fit: Curve = { scale: 0, shift: Math.log((nNamed + 1) / (n - nNamed + 1)) };
  let fitLoss = loss(fit);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = newtonStep(logits, target, fit);
    let size = 1;
    let next = fit;
    let nextLoss = fitLoss;
    do {
      next = { scale: fit.scale - size * step.scale, shift: fit.shift - size * step.shift };
      nextLoss = loss(next);
      size /= 2;
    } while (!(nextLoss < fitLoss) && size > 1e-10);
    if (!(nextLoss < fitLoss - 1e-10 * (1 + fitLoss))) break;
    fit = next;
    fitLoss = nextLoss;
  }
  return fit.scale > 0 ? fit : { scale: 0, shift: Math.log((nNamed + 1) / (n - nNamed + 1)) };
}

/** Minus the log-likelihood of a target in [0, 1] at some log-odds, without overflow. */
export function logLoss(logOdds: number, target: number): number {
  return Math.max(logOdds, 0) - logOdds * target + Math.log1p(Math.exp(-Math.abs(logOdds)));
}

/** The inverse Hessian times the gradient of the loss. */
function newtonStep(logits: ArrayLike<number>, target: (i: number) => number, fit: Curve): Curve {
  let [gScale, gShift, hss, hsb, hbb] = [0, 0, RIDGE, 0, RIDGE];
  for (let i = 0; i < logits.length; i++) {
    const x = logits[i]!;
    const p = 1 / (1 + Math.exp(-(fit.scale * x + fit.shift)));
    const error = p - target(i);
    const weight = p * (1 - p);
    gScale += error * x;
    gShift += error;
    hss += weight * x * x;
    hsb += weight * x;
    hbb += weight;
  }
  const determinant = hss * hbb - hsb * hsb;
  return {
    scale: (hbb * gScale - hsb * gShift) / determinant,
    shift: (hss * gShift - hsb * gScale) / determinant,
  };
}
