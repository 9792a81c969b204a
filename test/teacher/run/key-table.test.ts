import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/hash.js';
import { KeyTable } from '../../../teacher/run/key-table.js';

const keyOf = (n: number | string): string => sha256(String(n)).slice(0, 32);

describe('KeyTable', () => {
  it('gives back what was set last at a place, and null elsewhere, whatever the order', () => {
    const cell = fc.record({ source: fc.nat(5000), place: fc.nat(2), key: fc.nat().map(keyOf) });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 60 }), (cells) => {
        const table = new KeyTable(3);
        const plain = new Map<string, string>();
        for (const { source, place, key } of cells) {
          table.set(source, place, key);
          plain.set(`${source},${place}`, key);
        }
        for (const { source } of cells) {
          for (let place = 0; place < 3; place++) {
            expect(table.get(source, place)).toBe(plain.get(`${source},${place}`) ?? null);
          }
        }
        expect(table.nSources).toBe(Math.max(0, ...cells.map(({ source }) => source + 1)));
        expect(table.get(6000, 0)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});
