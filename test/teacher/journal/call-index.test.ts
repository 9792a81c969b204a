import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallIndex, type CallPlace } from '../../../teacher/journal/call-index.js';
import { keyOf } from './calls.js';

it('keeps the place of the highest attempt, the last of equals, as a map does', () => {
  const word = fc.constantFrom('00000000', '00000001', 'ffffffff', '80000000', '00000400');
  const key = fc.array(word, { minLength: 4, maxLength: 4 }).map((words) => words.join(''));
  const number = fc.nat({ max: 2 ** 32 - 1 });
  const place = fc.record({
    segment: number,
    offset: number,
    sizeBytes: number,
    attempt: fc.nat({ max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(key, place)), key, (entries, other) => {
      const index = new CallIndex();
      const map = new Map<string, CallPlace>();
      for (const [k, p] of entries) {
        index.set(k, p);
        if ((map.get(k)?.attempt ?? 0) <= p.attempt) map.set(k, p);
      }
      expect(index.size).toBe(map.size);
      for (const k of [...map.keys(), other]) {
        expect(index.has(k)).toBe(map.has(k));
        expect(index.get(k)).toEqual(map.get(k) ?? null);
      }
    }),
  );
});

it('finds every key after it has grown past many chunks and tables', () => {
  const index = new CallIndex();
  const n = 150_000;
  for (let i = 0; i < n; i++) index.set(keyOf(i), { segment: 1, offset: i, sizeBytes: 2 * i, attempt: 0 });
  expect(index.size).toBe(n);
  let nWrong = 0;
  for (let i = 0; i < n; i++) if (index.get(keyOf(i))?.offset !== i) nWrong++;
  for (let i = n; i < n + 1000; i++) if (index.has(keyOf(i))) nWrong++;
  expect(nWrong).toBe(0);
});
