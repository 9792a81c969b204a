const MAX_LOAD = 0.6;

/**
 * A set of question keys, 8 bytes a slot: 64 bits of a key tell it from all others of a run.
 *
 * A key is a hash already, so its first bits are its place; open addressing with linear steps.
 */
export class KeySet {
  size = 0;
  private slots = new BigUint64Array(1024);

  /**
   * @param key 32 hex digits
   * @returns whether it is new
   */
  add(key: string): boolean {
    if (this.size + 1 > MAX_LOAD * this.slots.length) this.grow();
    const isNew = this.put(bitsOf(key));
    if (isNew) this.size++;
    return isNew;
  }

  has(key: string): boolean {
    const bits = bitsOf(key);
    return this.slots[this.slotOf(bits)] === bits;
  }

  private put(bits: bigint): boolean {
    const slot = this.slotOf(bits);
    if (this.slots[slot] === bits) return false;
    this.slots[slot] = bits;
    return true;
  }

  /** The slot that holds the bits, or the empty one where they belong. */
  private slotOf(bits: bigint): number {
    const mask = this.slots.length - 1;
    let slot = Number(bits >> 33n) & mask;
    while (this.slots[slot] !== 0n && this.slots[slot] !== bits) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new BigUint64Array(2 * old.length);
    for (const bits of old) if (bits !== 0n) this.put(bits);
  }
}

// 0 marks an empty slot.
function bitsOf(key: string): bigint {
  return BigInt(`0x${key.slice(0, 16)}`) || 1n;
}
