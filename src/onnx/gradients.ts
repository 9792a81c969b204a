import { TagdistillError } from '../core/errors.js';
import type { Graph, GraphNode, Tensor } from './graph.js';
import * as ops from './ops.js';
import { broadcastAxes, sameShape } from './shape.js';

/** Gradients of a node's inputs from that of its first output; undefined where none flows: flags, indices, shapes. */
type BackwardRule = (g: Graph, node: GraphNode, dOut: Tensor) => (Tensor | undefined)[];

/**
 * Append the backward pass to a graph: d loss / d x for each x, by reverse-mode differentiation.
 *
 * @param loss one number: shape [] or all ones
 * @param wrt any tensors of the graph: inputs, constants or intermediate values
 * @returns one gradient for each of `wrt`, of the same shape
 * @throws TagdistillError `E_BAD_INPUT` if the loss is not one number, an operator on the way has no backward rule, or no path leads to an x
 */
export function gradients(g: Graph, loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const reached = tensorsThatDependOn(g, wrt);
  const gradOf = new Map<string, Tensor>();
  gradOf.set(loss.name, g.constant(Float32Array.of(1), unitShape(loss)));
  for (const node of [...g.nodes].reverse()) {
    const dOut = gradOf.get(node.outputs[0]!.name);
    if (dOut === undefined || !node.inputs.some((x) => reached.has(x.name))) continue;
    const rule = BACKWARD[node.op];
    if (rule === undefined) throw new TagdistillError('E_BAD_INPUT', `operator ${node.op} has no gradient`);
    const dInputs = rule(g, node, dOut);
    node.inputs.forEach((x, i) => {
      const d = dInputs[i];
      if (d === undefined || !reached.has(x.name)) return;
      const before = gradOf.get(x.name);
      gradOf.set(x.name, before === undefined ? d : ops.add(g, before, d));
    });
  }
  return wrt.map((x) => {
    const d = gradOf.get(x.name);
    if (d === undefined) throw new TagdistillError('E_BAD_INPUT', `the loss does not depend on ${x.name}`);
    return d;
  });
}

function unitShape(loss: Tensor): number[] {
  if (loss.shape.some((dim) => dim !== 1)) {
    throw new TagdistillError(
      'E_BAD_INPUT',
      `a loss must be one number, its shape is [${loss.shape.join(', ')}]`,
    );
  }
  return loss.shape.map(() => 1);
}

function tensorsThatDependOn(g: Graph, wrt: readonly Tensor[]): Set<string> {
  const reached = new Set(wrt.map((x) => x.name));
  for (const node of g.nodes) {
    if (node.inputs.some((x) => reached.has(x.name))) for (const out of node.outputs) reached.add(out.name);
  }
  return reached;
}

/** Sum a gradient over the axes that broadcasting added or stretched. */
function sumTo(g: Graph, d: Tensor, x: Tensor): Tensor {
  if (sameShape(d.shape, x.shape)) return d;
  const { added, stretched } = broadcastAxes(d.shape, x.shape);
  const summed = added.length + stretched.length > 0 ? ops.reduceSum(g, d, [...added, ...stretched]) : d;
  return added.length > 0 ? ops.squeeze(g, summed, added) : summed;
}

function swapLast(g: Graph, x: Tensor): Tensor {
  const rank = x.shape.length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  perm[rank - 1] = rank - 2;
  perm[rank - 2] = rank - 1;
  return ops.transpose(g, x, perm);
}

const BACKWARD: Readonly<Record<string, BackwardRule>> = {
  Add: (g, { inputs: [a, b] }, d) => [sumTo(g, d, a!), sumTo(g, d, b!)],
  Sub: (g, { inputs: [a, b] }, d) => [sumTo(g, d, a!), sumTo(g, ops.neg(g, d), b!)],
  Mul: (g, { inputs: [a, b] }, d) => [sumTo(g, ops.mul(g, d, b!), a!), sumTo(g, ops.mul(g, d, a!), b!)],
  Div: (g, { inputs: [a, b], outputs: [out] }, d) => {
    const overB = ops.div(g, d, b!);
    return [sumTo(g, overB, a!), sumTo(g, ops.neg(g, ops.mul(g, overB, out!)), b!)];
  },
  Neg: (g, _, d) => [ops.neg(g, d)],
  Exp: (g, { outputs: [out] }, d) => [ops.mul(g, d, out!)],
  Log: (g, { inputs: [x] }, d) => [ops.div(g, d, x!)],
  Sqrt: (g, { outputs: [out] }, d) => [ops.div(g, ops.mul(g, d, g.scalar(0.5)), out!)],
  Erf: (g, { inputs: [x] }, d) => {
    const slope = ops.mul(g, ops.exp(g, ops.neg(g, ops.mul(g, x!, x!))), g.scalar(2 / Math.sqrt(Math.PI)));
    return [ops.mul(g, d, slope)];
  },
  Tanh: (g, { outputs: [out] }, d) => [ops.mul(g, d, ops.sub(g, g.scalar(1), ops.mul(g, out!, out!)))],
  Relu: (g, { inputs: [x] }, d) => [ops.mul(g, d, ops.greater(g, x!, g.scalar(0)))],
  Sigmoid: (g, { outputs: [out] }, d) => [ops.mul(g, d, ops.mul(g, out!, ops.sub(g, g.scalar(1), out!)))],
  Softplus: (g, { inputs: [x] }, d) => [ops.mul(g, d, ops.sigmoid(g, x!))],
  MatMul: (g, { inputs: [a, b] }, d) => [
    sumTo(g, ops.matMul(g, d, swapLast(g, b!)), a!),
    sumTo(g, ops.matMul(g, swapLast(g, a!), d), b!),
  ],
  Transpose: (g, { attributes: { perm } }, d) => {
    const forward = perm as readonly number[];
    return [
      ops.transpose(
        g,
        d,
        forward.map((_, axis) => forward.indexOf(axis)),
      ),
    ];
  },
  ReduceSum: (g, { inputs: [x] }, d) => [ops.expandLike(g, d, x!), undefined],
  ReduceMean: (g, { inputs: [x], attributes: { axes } }, d) => {
    const nSummed = (axes as readonly number[]).map((axis) => x!.shape[axis]!);
    if (nSummed.some((dim) => typeof dim === 'string')) {
      throw new TagdistillError(
        'E_BAD_INPUT',
        `ReduceMean over the unknown size ${nSummed.join(', ')} has no gradient`,
      );
    }
    const count = (nSummed as number[]).reduce((product, dim) => product * dim, 1);
    return [ops.expandLike(g, ops.mul(g, d, g.scalar(1 / count)), x!)];
  },
  Squeeze: (g, { inputs: [x], outputs: [out] }, d) => [
    ops.unsqueeze(g, d, squeezedAxes(x!, out!)),
    undefined,
  ],
  Unsqueeze: (g, { inputs: [x], outputs: [out] }, d) => [
    ops.squeeze(g, d, squeezedAxes(out!, x!)),
    undefined,
  ],
  Reshape: (g, { inputs: [x] }, d) => [ops.reshapeLike(g, d, x!), undefined],
  Concat: (g, { inputs, attributes: { axis } }, d) => {
    let end = 0;
    return inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis as number] as number;
      return ops.slice(g, d, { axis: axis as number, start, end });
    });
  },
  Slice: (g, { inputs: [x, start, end, axis] }, d) => {
    const [before, to, at] = [start, end, axis].map((bound) => Number(g.valuesOf(bound!)![0]));
    const after = (x!.shape[at!] as number) - to!;
    return [ops.pad(g, d, { axis: at!, before: before!, after })];
  },
  Where: (g, { inputs: [flag, a, b] }, d) => {
    const zero = g.scalar(0);
    const toA = sumTo(g, ops.where(g, flag!, d, zero), a!);
    return [undefined, toA, sumTo(g, ops.where(g, flag!, zero, d), b!)];
  },
  Cast: () => [],
  Greater: () => [],
  Gather: () => {
    throw new TagdistillError('E_BAD_INPUT', 'the gradient of a whole table is not formed', {
      hint: 'Ask for the gradient of the gathered rows, and sum it by row outside the graph.',
    });
  },
  Softmax: (g, { outputs: [out] }, d) => {
    const total = ops.reduceSum(g, ops.mul(g, d, out!), [d.shape.length - 1]);
    return [ops.mul(g, out!, ops.sub(g, d, total))];
  },
  LogSoftmax: (g, { outputs: [out] }, d) => {
    const total = ops.reduceSum(g, d, [d.shape.length - 1]);
    return [ops.sub(g, d, ops.mul(g, ops.exp(g, out!), total))];
  },
};

/** The axes of size 1 that `whole` has and `squeezed` lacks, matched from the left. */
function squeezedAxes(whole: Tensor, squeezed: Tensor): number[] {
  let next = 0;
  return whole.shape.flatMap((dim, axis) => {
    const kept = whole.shape.length - axis <= squeezed.shape.length - next || dim !== 1;
    if (kept) next++;
    return kept ? [] : [axis];
  });
}
