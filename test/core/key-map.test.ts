import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.js';
import { KeyMap } from '../../src/core/key-map.js';

const keyOf = (n: number | string): string => sha256(String(n)).slice(0, 32);

describe('KeyMap', () => {
  it('holds what a plain map holds, the first value of a key, over several growths', () => {
    const map = new KeyMap();
    for (let n = 0; n < 5000; n++) expect(map.add(keyOf(n), n / 3)).toBe(true);
    for (let n = 0; n < 5000; n++) {
      expect(map.add(keyOf(n), -1)).toBe(false);
      expect(map.get(keyOf(n))).toBe(n / 3);
      expect(map.has(keyOf(n))).toBe(true);
      expect(map.has(keyOf(`not ${n}`))).toBe(false);
    }
    expect(map.size).toBe(5000);
  });

  it('takes a key of zeros', () => {
    const map = new KeyMap();
    expect(map.has('0'.repeat(32))).toBe(false);
    expect(map.add('0'.repeat(32))).toBe(true);
    expect(map.has('0'.repeat(32))).toBe(true);
  });
});
