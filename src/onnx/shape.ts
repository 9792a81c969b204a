import { TagdistillError } from '../core/errors.js';
import type { Dim, Shape } from './graph.js';

/**
 * Give the shape of an element-wise result, by NumPy's broadcasting rule.
 *
 * @throws TagdistillError `E_BAD_INPUT` where two sizes differ and neither is 1
 */
export function broadcastShape(a: Shape, b: Shape): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const da = a[axis - rank + a.length] ?? 1;
    const db = b[axis - rank + b.length] ?? 1;
    if (da === db || db === 1) return da;
    if (da === 1) return db;
    throw new TagdistillError(
      'E_BAD_INPUT',
      `shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`,
    );
  });
}

/** List the axes of `from` over which a gradient must be summed to come back to the shape `to`. */
export function broadcastAxes(
  from: Shape,
  to: Shape,
): { readonly added: number[]; readonly stretched: number[] } {
  const nAdded = from.length - to.length;
  const added = Array.from({ length: nAdded }, (_, axis) => axis);
  const stretched = to.flatMap((dim, i) => (dim === 1 && from[i + nAdded] !== 1 ? [i + nAdded] : []));
  return { added, stretched };
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
