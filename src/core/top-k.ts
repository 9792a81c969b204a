/**
 * List the indices of the k largest values, best first; equal values in index order, so that runs repeat.
 *
 * @param values shape [n]; NaN counts as smaller than every number
 * @param k at most n indices come back
 */
export function topK(values: ArrayLike<number>, k: number): number[] {
  const heap: number[] = []; // indices, the worst kept one at the root
  const worse = (a: number, b: number): boolean => {
    const va = values[a]!;
    const vb = values[b]!;
    if (Number.isNaN(va) || Number.isNaN(vb)) return Number.isNaN(va) && (!Number.isNaN(vb) || a > b);
    return va < vb || (va === vb && a > b);
  };
  const siftDown = (): void => {
    let i = 0;
    for (;;) {
      let least = i;
      const left = 2 * i + 1;
      if (left < heap.length && worse(heap[left]!, heap[least]!)) least = left;
      if (left + 1 < heap.length && worse(heap[left + 1]!, heap[least]!)) least = left + 1;
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  };
  for (let i = 0; i < values.length; i++) {
    if (heap.length < k) {
      let child = heap.push(i) - 1;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (!worse(heap[child]!, heap[parent]!)) break;
        [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
        child = parent;
      }
    } else if (k > 0 && worse(heap[0]!, i)) {
      heap[0] = i;
      siftDown();
    }
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}
