import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { readStaticEncoder } from '../../src/features/read-static-encoder.js';
import { StaticEncoder } from '../../src/features/static-encoder.js';
import { Graph } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import { openSession } from '../../src/runtime/session.js';
import { MINILM_STATIC } from '../support/minilm.js';

let encoder: StaticEncoder;
beforeAll(async () => {
  ({ encoder } = await readStaticEncoder(MINILM_STATIC));
});

const cosine = (a: string, b: string): number => {
  const other = encoder.vector(b);
  return encoder.vector(a).reduce((sum, value, i) => sum + value * other[i]!, 0);
};

/** The same sum as a graph: look up int8 rows, weigh them, add up, bring to length 1. */
function graphOf({ table, nTokens, nDims }: StaticEncoder): Uint8Array {
  const g = new Graph();
  const ids = g.input('ids', 'int32', ['batch', 'width']);
  const weights = g.input('weights', 'float32', ['batch', 'width']);
  const rows = ops.cast(g, ops.gatherRows(g, g.constant(table, [nTokens, nDims]), ids), 'float32');
  const sum = ops.squeeze(g, ops.matMul(g, ops.unsqueeze(g, weights, [1]), rows), [1]);
  const length = ops.sqrt(g, ops.reduceSum(g, ops.mul(g, sum, sum), [1]));
  const safe = ops.add(g, length, g.scalar(1e-12));
  g.output('vector', ops.div(g, sum, safe));
  return g.toBytes();
}

describe('StaticEncoder', () => {
  it('gives the vector that ONNX Runtime gives for its tokens and weights', async () => {
    const session = await openSession(graphOf(encoder));
    for (const text of [
      'wine',
      'A Game of Thrones: the first book.',
      'naïve café 東京 🙂',
      'a\ud800b',
      'x '.repeat(900),
    ]) {
      const { ids, weights } = encoder.tokens(text);
      const { vector } = await session.run({
        ids: new ort.Tensor('int32', ids, [1, ids.length]),
        weights: new ort.Tensor('float32', weights, [1, ids.length]),
      });
      const theirs = vector!.data as Float32Array;
      encoder.vector(text).forEach((value, d) => expect(Math.abs(value - theirs[d]!)).toBeLessThan(1e-5));
    }
    await session.release();
  });

  it('gives a vector of length 1 for any text with a known token, else zeros', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const length = Math.hypot(...encoder.vector(text));
        expect(length).toBeCloseTo(encoder.tokens(text).ids.length > 0 ? 1 : 0, 5);
      }),
    );
    expect(encoder.vector('')).toEqual(new Float32Array(encoder.nDims));
  });

  it('reads 512 tokens and no more', () => {
    expect(encoder.tokens('wine '.repeat(2000)).ids.length).toBe(512);
    expect(encoder.vector(`${'wine '.repeat(512)} beer`)).toEqual(encoder.vector('wine'));
  });

  it('weighs a frequent word less than a rare one', () => {
    const weightOf = (word: string): number => {
      const { ids, weights } = encoder.tokens(word);
      const row = encoder.table.subarray(ids[0]! * encoder.nDims, (ids[0]! + 1) * encoder.nDims);
      return weights[0]! * Math.hypot(...row);
    };
    expect(weightOf('the')).toBeLessThan(weightOf('dragon'));
    expect(weightOf(',')).toBeLessThan(weightOf('the'));
  });

  it('finds texts of one subject closer than others', () => {
    expect(cosine('a story of dragons and wizards', 'fantasy novel with magic')).toBeGreaterThan(
      cosine('a story of dragons and wizards', 'tax law for small companies'),
    );
    expect(cosine('how to bake bread', 'recipes for cakes')).toBeGreaterThan(
      cosine('how to bake bread', 'the war in the pacific'),
    );
  });

  it('refuses a table that does not fit its weights or its tokenizer', () => {
    const { tokenizer, nDims, table } = encoder;
    const weights = new Float32Array(2);
    expect(() => new StaticEncoder(tokenizer, { nDims, table, weights })).toThrow(
      expect.objectContaining({ code: 'E_BAD_INPUT' }),
    );
    expect(() => new StaticEncoder(tokenizer, { nDims: 1, table: new Int8Array(2), weights })).toThrow(
      '2 weights of 1 dimensions do not fit a table of 2 numbers and a tokenizer of 30522 tokens',
    );
  });
});
