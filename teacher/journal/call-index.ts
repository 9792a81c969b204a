/** Where a call stands in the journal, and which of its key's attempts it is. */
export interface CallPlace {
  readonly segment: number;
  readonly offset: number;
  /** With its newline. */
  readonly sizeBytes: number;
  readonly attempt: number;
}

const ENTRIES_PER_CHUNK = 65_536;
const WORDS = 8;
const KEY_WORDS = 4;
const MAX_LOAD = 0.75;

/**
 * Tells where the answer to a question stands: 32 bytes a key, and a table of 4-byte slots that is at most 3/4 full.
 *
 * A key is a hash already, so its first bits are its slot; open addressing with linear steps. Entries stand in chunks
 * that never move, so growing copies the slots alone.
 */
export class CallIndex {
  size = 0;
  // [nChunks][ENTRIES_PER_CHUNK, 8]: 4 words of the key, segment, offset, size, attempt
  private readonly chunks: Uint32Array[] = [];
  private slots = new Uint32Array(1024); // number of the entry, from 1; 0 is empty
  private readonly wanted = new Uint32Array(KEY_WORDS);

  /** Keep a place, unless one of a higher attempt is kept. @param key 32 hex digits */
  set(key: string, { segment, offset, sizeBytes, attempt }: CallPlace): void {
    if (this.size + 1 > MAX_LOAD * this.slots.length) this.growSlots();
    const slot = this.slotOf(key);
    let entry = this.slots[slot]! - 1;
    if (entry < 0) {
      entry = this.size++;
      if (entry % ENTRIES_PER_CHUNK === 0) this.chunks.push(new Uint32Array(ENTRIES_PER_CHUNK * WORDS));
      this.slots[slot] = entry + 1;
      this.chunkOf(entry).set(this.wanted, wordOf(entry));
    } else if (this.chunkOf(entry)[wordOf(entry) + 7]! > attempt) {
      return;
    }
    const chunk = this.chunkOf(entry);
    const word = wordOf(entry) + KEY_WORDS;
    chunk[word] = segment;
    chunk[word + 1] = offset;
    chunk[word + 2] = sizeBytes;
    chunk[word + 3] = attempt;
  }

  /** @param key 32 hex digits */
  has(key: string): boolean {
    return this.slots[this.slotOf(key)] !== 0;
  }

  /** @param key 32 hex digits */
  get(key: string): CallPlace | null {
    const entry = this.slots[this.slotOf(key)]! - 1;
    if (entry < 0) return null;
    const chunk = this.chunkOf(entry);
    const word = wordOf(entry) + KEY_WORDS;
    return {
      segment: chunk[word]!,
      offset: chunk[word + 1]!,
      sizeBytes: chunk[word + 2]!,
      attempt: chunk[word + 3]!,
    };
  }

  /** The slot of the key's entry, or the empty one where it belongs; leaves the key in `wanted`. */
  private slotOf(key: string): number {
    for (let i = 0; i < KEY_WORDS; i++) this.wanted[i] = Number.parseInt(key.slice(8 * i, 8 * i + 8), 16);
    const mask = this.slots.length - 1;
    let slot = this.wanted[0]! & mask;
    for (let entry = this.slots[slot]!; entry !== 0 && !this.isWanted(entry - 1); entry = this.slots[slot]!) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private isWanted(entry: number): boolean {
    const chunk = this.chunkOf(entry);
    const word = wordOf(entry);
    for (let i = 0; i < KEY_WORDS; i++) if (chunk[word + i] !== this.wanted[i]) return false;
    return true;
  }

  private growSlots(): void {
    const slots = new Uint32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.chunkOf(entry)[wordOf(entry)]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.slots = slots;
  }

  private chunkOf(entry: number): Uint32Array {
    return this.chunks[Math.floor(entry / ENTRIES_PER_CHUNK)]!;
  }
}

/** Where an entry's first word stands in its chunk. */
function wordOf(entry: number): number {
  return WORDS * (entry % ENTRIES_PER_CHUNK);
}
