import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/core/random.js';
import { gradients } from '../../src/onnx/gradients.js';
import { Graph } from '../../src/onnx/graph.js';
import { openSession } from '../../src/runtime/session.js';
import { LOSSES, spaceLoss, type LossOptions } from '../../student/losses.js';

const N_ROWS = 5;
const N_TAGS = 7;
const BASE: LossOptions = { loss: 'softmax', temperature: 1, negativeWeight: 1, marginWeight: 0 };

/** One to three named tags a row, their shares summing to 1; the last row names nothing. */
const TARGETS = [
  [0, 0.5, 0, 0.25, 0, 0, 0.25],
  [1, 0, 0, 0, 0, 0, 0],
  [0, 0, 0.1, 0, 0.9, 0, 0],
  [0, 0, 0, 0.6, 0.4, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
];
const random = seededRandom(3);
const LOGITS = Array.from({ length: N_ROWS }, () =>
  Array.from({ length: N_TAGS }, () => Math.fround(2 * normal(random))),
);
// A named tag that already has more than its share.
LOGITS[3]![4] = 6;

const softplus = (x: number): number => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The losses as their comments state them, a row at a time. */
const PLAIN: Readonly<
  Record<(typeof LOSSES)[number], (z: readonly number[], t: readonly number[], no: number) => number>
> = {
  softmax: (z, t) => {
    const logSum = Math.log(sum(z.map(Math.exp)));
    return -sum(t.map((share, i) => share * (z[i]! - logSum)));
  },
  decoupled: (z, t) => {
    const others = sum(z.filter((_, i) => t[i] === 0).map(Math.exp));
    return sum(t.map((share, i) => share * Math.log(1 + others / Math.exp(z[i]!))));
  },
  bce: (z, t, no) => sum(t.map((yes, i) => (yes > 0 ? yes * softplus(-z[i]!) : no * softplus(z[i]!)))),
};

function plainMargin(z: readonly number[], t: readonly number[]): number {
  const rest = z.flatMap((logit, i) => (t[i]! > 0 ? [logit - 20 * t[i]!] : []));
  if (rest.length === 0) return 0;
  const centre = sum(rest) / rest.length;
  return sum(rest.map((value) => (value - centre) ** 2)) / rest.length;
}

function plainLoss(logits: readonly (readonly number[])[], options: LossOptions): number {
  const { loss, temperature, negativeWeight, marginWeight } = options;
  return sum(
    logits.map((row, i) => {
      const z = row.map((logit) => logit / temperature);
      const margin = marginWeight === 0 ? 0 : marginWeight * plainMargin(z, TARGETS[i]!);
      return PLAIN[loss](z, TARGETS[i]!, negativeWeight) + margin;
    }),
  );
}

/** The loss and its gradient as the training graph has them. */
async function graphLoss(options: LossOptions): Promise<{ loss: number; gradient: Float32Array }> {
  const g = new Graph();
  const logits = g.input('logits', 'float32', ['batch', N_TAGS]);
  const targets = g.input('targets', 'float32', ['batch', N_TAGS]);
  const loss = spaceLoss(g, logits, targets, options);
  const [gradient] = gradients(g, loss, [logits]);
  g.output('gradient', gradient!);
  g.output('loss', loss);
  const session = await openSession(g.toBytes());
  const tensor = (rows: readonly (readonly number[])[]): ort.Tensor =>
    new ort.Tensor('float32', Float32Array.from(rows.flat()), [N_ROWS, N_TAGS]);
  const out = await session.run({ logits: tensor(LOGITS), targets: tensor(TARGETS) });
  await session.release();
  return {
    loss: (out['loss']!.data as Float32Array)[0]!,
    gradient: out['gradient']!.data as Float32Array,
  };
}

function finiteDifference(options: LossOptions, row: number, tag: number): number {
  const step = 1e-5;
  const at = (delta: number): number =>
    plainLoss(
      LOGITS.map((z, i) => z.map((logit, j) => (i === row && j === tag ? logit + delta : logit))),
      options,
    );
  return (at(step) - at(-step)) / (2 * step);
}

describe.each(LOSSES)('spaceLoss, %s', (loss) => {
  it.each([
    ['alone', {}],
    ['with a temperature', { temperature: 2.5 }],
    ['with little weight on tags not named', { negativeWeight: 0.25 }],
    ['with the margin loss', { marginWeight: 0.3 }],
  ])('is what its formula says, and so is its gradient: %s', async (_, changes) => {
    const options = { ...BASE, loss, ...changes };
    const found = await graphLoss(options);
    const wanted = plainLoss(LOGITS, options);
    expect(Math.abs(found.loss - wanted) / wanted).toBeLessThan(1e-5);
    for (let row = 0; row < N_ROWS; row++) {
      for (let tag = 0; tag < N_TAGS; tag++) {
        expect(found.gradient[row * N_TAGS + tag], `row ${row}, tag ${tag}`).toBeCloseTo(
          finiteDifference(options, row, tag),
          4,
        );
      }
    }
  });
});

describe('spaceLoss', () => {
  it('pulls no named tag down for the sake of another, when decoupled', async () => {
    const { gradient } = await graphLoss({ ...BASE, loss: 'decoupled' });
    TARGETS.flat().forEach((share, i) => {
      if (share > 0) expect(gradient[i]).toBeLessThan(0);
    });
    const softmax = await graphLoss(BASE);
    expect(TARGETS.flat().some((share, i) => share > 0 && softmax.gradient[i]! > 0)).toBe(true);
  });

  it('learns nothing from a row that names no tag, but for the noes of bce', async () => {
    const last = (gradient: Float32Array): number[] => [...gradient.slice((N_ROWS - 1) * N_TAGS)];
    for (const loss of ['softmax', 'decoupled'] as const) {
      const { gradient } = await graphLoss({ ...BASE, loss, marginWeight: 1 });
      expect(last(gradient).every((value) => value === 0)).toBe(true);
    }
    const { gradient } = await graphLoss({ ...BASE, loss: 'bce' });
    expect(last(gradient).every((value) => value > 0)).toBe(true);
  });
});
