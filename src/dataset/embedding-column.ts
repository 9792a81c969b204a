import { Field, FixedSizeList, Float32, makeData, type Data } from 'apache-arrow';

/** The column of `items.arrow` that holds given vectors. */
export const EMBEDDING = 'embedding';

/** The column's field: nDims float32 numbers an item, or null. */
export function embeddingField(nDims: number): Field<FixedSizeList<Float32>> {
  return new Field(EMBEDDING, new FixedSizeList(nDims, new Field('item', new Float32(), false)), true);
}

/** Gathers the vectors of a record batch; a null takes room as zeros, as the format asks. */
export class VectorColumn {
  private values = new Float32Array(0); // [capacity, nDims]
  private isGiven: boolean[] = [];

  constructor(private readonly type: FixedSizeList<Float32>) {}

  append(vector: unknown): void {
    const { listSize } = this.type;
    const start = this.isGiven.length * listSize;
    if (start + listSize > this.values.length) {
      const grown = new Float32Array(Math.max(16 * listSize, 2 * this.values.length));
      grown.set(this.values);
      this.values = grown;
    }
    const given = vector instanceof Float32Array ? vector : undefined;
    if (given !== undefined) this.values.set(given, start);
    this.isGiven.push(given !== undefined);
  }

  flush(): Data<FixedSizeList<Float32>> {
    const { type, isGiven } = this;
    const { listSize } = type;
    const length = isGiven.length;
    const nullBitmap = new Uint8Array(Math.ceil(length / 8));
    let nullCount = 0;
    isGiven.forEach((given, row) => {
      if (given) nullBitmap[row >> 3]! |= 1 << (row & 7);
      else nullCount++;
    });
    const child = makeData({
      type: new Float32(),
      data: this.values.slice(0, length * listSize),
      length: length * listSize,
      nullCount: 0,
    });
    this.values.fill(0);
    this.isGiven = [];
    return makeData({ type, length, nullCount, nullBitmap, child });
  }
}
