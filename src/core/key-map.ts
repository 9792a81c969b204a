const MAX_LOAD = 0.6;

/**
 * A map from hashes to numbers, 16 bytes a slot: 64 bits of a hash tell it from all others, so that of ten million keys
 * two are taken for one with a chance of 3 in a million.
 *
 * Open addressing with linear steps; a key is a hash already, so its first bits are its place.
 */
export class KeyMap {
  size = 0;
  private keys = new BigUint64Array(1024);
  private values = new Float64Array(1024);

  /**
   * Keep a number under a key that has none.
   *
   * @param key 16 hex digits of a hash, or more
   * @returns whether the key is new; else nothing changes
   */
  add(key: string, value = 0): boolean {
    if (this.size + 1 > MAX_LOAD * this.keys.length) this.grow();
    const isNew = this.put(bitsOf(key), value);
    if (isNew) this.size++;
    return isNew;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): number | undefined {
    const bits = bitsOf(key);
    const slot = this.slotOf(bits);
    return this.keys[slot] === bits ? this.values[slot] : undefined;
  }

  private put(bits: bigint, value: number): boolean {
    const slot = this.slotOf(bits);
    if (this.keys[slot] === bits) return false;
    this.keys[slot] = bits;
    this.values[slot] = value;
    return true;
  }

  /** The slot that holds the bits, or the empty one where they belong. */
  private slotOf(bits: bigint): number {
    const mask = this.keys.length - 1;
    let slot = Number(bits >> 33n) & mask;
    while (this.keys[slot] !== 0n && this.keys[slot] !== bits) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new BigUint64Array(2 * keys.length);
    this.values = new Float64Array(2 * keys.length);
    for (let slot = 0; slot < keys.length; slot++) {
      if (keys[slot] !== 0n) this.put(keys[slot]!, values[slot]!);
    }
  }
}

// 0 marks an empty slot.
function bitsOf(key: string): bigint {
  return BigInt(`0x${key.slice(0, 16)}`) || 1n;
}
