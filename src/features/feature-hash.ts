/** Hash a word to 32 bits (FNV-1a over UTF-16 units with MurmurHash3's final mix); never 0, which marks an empty slot. */
export function hashWord(word: string, start = 0, end = word.length): number {
  let h = 0x811c9dc5;
  for (let i = start; i < end; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** Hash an ordered pair of hashes, e.g. a bigram. */
export function hashPair(first: number, second: number): number {
  return mix(Math.imul(first, 0x9e3779b1) ^ ((second << 15) | (second >>> 17)));
}

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0 || 1;
}

/** Finds the row of a 32-bit feature hash: open addressing in one flat table, no objects. */
export class HashIndex {
  private readonly keys: Uint32Array;
  private readonly rows: Int32Array;
  private readonly mask: number;

  /** @param hashes shape [n], distinct, none 0; the row of a hash is its place */
  constructor(readonly hashes: Uint32Array) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, hashes.length * 2)));
    this.mask = size - 1;
    this.keys = new Uint32Array(size);
    this.rows = new Int32Array(size);
    hashes.forEach((hash, row) => {
      let slot = hash & this.mask;
      while (this.keys[slot] !== 0) slot = (slot + 1) & this.mask;
      this.keys[slot] = hash;
      this.rows[slot] = row;
    });
  }

  /** The row of a hash, or -1. */
  find(hash: number): number {
    let slot = hash & this.mask;
    for (;;) {
      const key = this.keys[slot]!;
      if (key === hash) return this.rows[slot]!;
      if (key === 0) return -1;
      slot = (slot + 1) & this.mask;
    }
  }
}
