import type { Graph, Tensor } from '../src/onnx/graph.js';
import * as ops from '../src/onnx/ops.js';

/**
 * What the student is trained to do.
 *
 * - `softmax`: the distribution over all tags is the item's strengths over their sum (top-one ListNet).
 * - `decoupled`: each named tag beats all tags not named, and named tags do not compete with each other.
 * - `bce`: each tag is its own yes or no; a tag not named counts as a no of weight `negativeWeight`.
 */
export const LOSSES = ['softmax', 'decoupled', 'bce'] as const;
export type Loss = (typeof LOSSES)[number];

/** Tell whether a loss makes logits say how likely a tag is among all tags; else each tag stands for itself. */
export function isDistributionLoss(loss: Loss): boolean {
  return loss !== 'bce';
}

export interface LossOptions {
  readonly loss: Loss;
  /** Logits are divided by it first. */
  readonly temperature: number;
  /** For `bce`: how much a tag that the teacher did not name counts as a no. */
  readonly negativeWeight: number;
  /** Weight of the margin loss: differences of logits between named tags follow those of their strengths. */
  readonly marginWeight: number;
}

/** What a share of 1 more of the item's strengths should add to a logit. */
const MARGIN_SCALE = 20;

/**
 * The loss of a batch in one space, summed over rows; shape [1, 1].
 *
 * @param logits shape [batch, nTags]
 * @param targets shape [batch, nTags]: for `softmax` and `decoupled` rows that sum to 1, for `bce` the weight of the
 *   yes; 0 where the teacher did not name the tag
 */
export function spaceLoss(g: Graph, logits: Tensor, targets: Tensor, options: LossOptions): Tensor {
  const { loss, temperature, marginWeight } = options;
  const scaled = temperature === 1 ? logits : ops.mul(g, logits, g.scalar(1 / temperature));
  const main = LOSS_OF[loss](g, scaled, targets, options);
  if (marginWeight === 0) return main;
  return ops.add(g, main, ops.mul(g, marginLoss(g, scaled, targets), g.scalar(marginWeight)));
}

type LossRule = (g: Graph, logits: Tensor, targets: Tensor, options: LossOptions) => Tensor;

const LOSS_OF: Readonly<Record<Loss, LossRule>> = {
  softmax: (g, logits, targets) =>
    ops.neg(g, ops.reduceSum(g, ops.mul(g, targets, ops.logSoftmax(g, logits)), [0, 1])),

  decoupled: (g, logits, targets) => {
    // Named tags leave the sum over the others: 60 below their own logit is nothing.
    const isNamed = ops.greater(g, targets, g.scalar(0));
    const others = ops.sub(g, logits, ops.mul(g, isNamed, g.scalar(60)));
    // log sum exp = logit - log softmax of any one tag; the mean over tags needs no gather.
    const last = [logits.shape.length - 1];
    const logSum = ops.reduceMean(g, ops.sub(g, others, ops.logSoftmax(g, others)), last);
    const losses = ops.softplus(g, ops.sub(g, logSum, logits));
    return ops.reduceSum(g, ops.mul(g, targets, losses), [0, 1]);
  },

  bce: (g, logits, targets, { negativeWeight }) => {
    const isNamed = ops.greater(g, targets, g.scalar(0));
    const no = ops.mul(g, ops.sub(g, g.scalar(1), isNamed), g.scalar(negativeWeight));
    const yesLoss = ops.mul(g, targets, ops.softplus(g, ops.neg(g, logits)));
    const noLoss = ops.mul(g, no, ops.softplus(g, logits));
    return ops.reduceSum(g, ops.add(g, yesLoss, noLoss), [0, 1]);
  },
};

/** Mean over a row's named tags of the squared deviation of (logit - scale * target share) from its mean. */
function marginLoss(g: Graph, logits: Tensor, targets: Tensor): Tensor {
  const last = [logits.shape.length - 1];
  const isNamed = ops.greater(g, targets, g.scalar(0));
  const n = ops.add(g, ops.reduceSum(g, isNamed, last), g.scalar(1e-6));
  const wanted = ops.mul(g, targets, g.scalar(MARGIN_SCALE));
  const rest = ops.mul(g, isNamed, ops.sub(g, logits, wanted));
  const centre = ops.div(g, ops.reduceSum(g, rest, last), n);
  const off = ops.mul(g, isNamed, ops.sub(g, rest, centre));
  return ops.reduceSum(g, ops.div(g, ops.reduceSum(g, ops.mul(g, off, off), last), n), [0, 1]);
}
