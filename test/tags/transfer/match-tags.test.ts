import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchTags } from '../../../src/tags/transfer/match-tags.js';
import { nearestTargets } from '../../../src/tags/transfer/nearest-targets.js';
import { toyVectors } from '../../support/toy-vectors.js';

const named = (...tags: string[]) => tags.map((tag) => ({ tag }));

describe('matchTags', () => {
  it('takes the same text first, then a known form, then the same but for spelling', async () => {
    const targets = [{ tag: 'movies', aliases: ['film', 'Cinema'] }, { tag: 'film' }, { tag: 'night owl' }];
    const matches = await matchTags(['film', 'Cinema', 'MOVIE', 'night-owls', 'opera'], targets);
    expect([...matches].map(([tag, { kind, place }]) => [tag, kind, place]).sort()).toEqual([
      ['Cinema', 'alias', 0],
      ['MOVIE', 'spelling', 0],
      ['film', 'exact', 1], // a target's own name goes before another's alias
      ['night-owls', 'spelling', 2],
      ['opera', 'none', -1],
    ]);
  });

  it('reads forms of an alias table too', async () => {
    const aliases = { canonicalOf: new Map([['kino', 'movies']]) };
    const matches = await matchTags(['kino'], named('movies'), { aliases });
    expect(matches.get('kino')).toMatchObject({ kind: 'alias', place: 0 });
  });

  it('takes the nearest from the threshold up, and says how far the others were', async () => {
    const near = { vectorOf: toyVectors(['x', 'y']), threshold: 0.8 };
    const matches = await matchTags(['y:0.9', 'x:0.6', 'mute'], named('x', 'y'), { near });
    expect(matches.get('y:0.9')).toMatchObject({ kind: 'near', place: 1, refused: -1 });
    expect(matches.get('y:0.9')!.similarity).toBeCloseTo(0.9, 6);
    expect(matches.get('x:0.6')).toMatchObject({ kind: 'none', place: -1, refused: 0 });
    expect(matches.get('x:0.6')!.similarity).toBeCloseTo(0.6, 6);
    expect(matches.get('mute')).toEqual({ kind: 'none', place: -1, similarity: null, refused: -1 });
  });

  it('lets a name decide even where another target is nearer', async () => {
    const targets = [{ tag: 'y', aliases: ['x:0.9'] }, { tag: 'x' }];
    const near = { vectorOf: toyVectors(['x', 'y']), threshold: 0 };
    expect((await matchTags(['x:0.9'], targets, { near })).get('x:0.9')).toMatchObject({
      kind: 'alias',
      place: 0,
    });
  });

  it('maps nothing where there are no targets', async () => {
    const near = { vectorOf: toyVectors(['x']), threshold: 0 };
    expect((await matchTags(['x'], [], { near })).get('x')).toMatchObject({ kind: 'none', similarity: null });
  });

  it('refuses a threshold that is no cosine', async () => {
    for (const threshold of [NaN, 1.1, -2]) {
      const near = { vectorOf: toyVectors(['x']), threshold };
      await expect(matchTags(['x'], named('x'), { near })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
    }
  });
});

describe('nearestTargets', () => {
  const unit = fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 5, maxLength: 5 })
    .map((values) => Float32Array.from(values));

  it('finds the largest product of all, the first of equals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 6 }), fc.array(unit, { maxLength: 6 }), async (a, b) => {
        const vectors = [...a, ...b];
        const vectorOf = (place: string): Float32Array => vectors[Number(place)]!;
        const names = (from: number, n: number): string[] =>
          Array.from({ length: n }, (_, i) => String(from + i));
        const { places } = await nearestTargets(names(0, a.length), names(a.length, b.length), {
          vectorOf,
          threshold: 9,
        });
        const isZero = (vector: Float32Array): boolean => vector.every((value) => value === 0);
        const wanted = a.map((query) => {
          const products = b.map((target) =>
            isZero(target) || isZero(query)
              ? -Infinity
              : query.reduce((sum, v, i) => sum + v * target[i]!, 0),
          );
          const best = Math.max(...products);
          return best === -Infinity ? -1 : products.indexOf(best);
        });
        expect([...places]).toEqual(wanted);
      }),
    );
  });

  it('refuses vectors of different lengths, and stops when told to', async () => {
    const vectorOf = (tag: string): Float32Array => new Float32Array(tag.length).fill(1);
    await expect(nearestTargets(['aa'], ['a'], { vectorOf, threshold: 0 })).rejects.toMatchObject({
      code: 'E_ENCODER',
    });
    await expect(
      nearestTargets(['a'], ['a'], { vectorOf, threshold: 0, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});
