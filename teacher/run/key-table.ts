const KEY_BYTES = 16;

/**
 * Holds the keys of all questions of a run by source and place, 16 bytes each, so that memory stays flat.
 *
 * Sources are numbered from 0 in the order in which they come; each has `nPlaces` places.
 */
export class KeyTable {
  private bytes = Buffer.alloc(KEY_BYTES * 1024); // [nSources, nPlaces, 16]; zeros where no key stands
  /** One more than the highest source that was set. */
  nSources = 0;

  constructor(readonly nPlaces: number) {}

  /** @param key 32 hex digits */
  set(source: number, place: number, key: string): void {
    this.grow(source);
    this.nSources = Math.max(this.nSources, source + 1);
    this.bytes.write(key, this.offset(source, place), 'hex');
  }

  /** The key, or null where none was set. */
  get(source: number, place: number): string | null {
    if (source >= this.nSources) return null;
    const start = this.offset(source, place);
    const key = this.bytes.toString('hex', start, start + KEY_BYTES);
    return key === NO_KEY ? null : key;
  }

  private offset(source: number, place: number): number {
    return KEY_BYTES * (source * this.nPlaces + place);
  }

  private grow(source: number): void {
    const wanted = this.offset(source + 1, 0);
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(wanted, 2 * this.bytes.length));
    this.bytes.copy(larger);
    this.bytes = larger;
  }
}

const NO_KEY = '0'.repeat(2 * KEY_BYTES);
