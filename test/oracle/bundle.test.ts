import { rm } from 'node:fs/promises';
import { beforeAll, describe, expect } from 'vitest';
import { readBundle } from '../../src/bundle/read-bundle.js';
import type { ItemInput } from '../../src/features/item-encoder.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag, type TrainOptions } from '../../student/index.js';
import { writeBookDataset } from '../support/book-dataset.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { itWithPython, runPython } from './python.js';

const folder = temporaryFolder();
const TOP_K = 20;

const AWKWARD = [
  '',
  ' \n\t',
  '历史老师 写的 wine 故事。第二句。',
  '東京の本屋で、コーヒー。 ーー人々 〇 ﾊﾝｶｸ ไทย ๑๒ 한국어',
  '🙂 🧑‍🏫 A naïve café in İstanbul — ΛΟΓΟΣ, λόγος ΣΑΣ, Straße, ﬁn Ⅷ ½',
  'Who is there? Nobody. Families of vineyards, sailing readers and gardeners.',
  '[CLS] [UNK] <s> a\u0000b\u0085c\u00a0d\ufeffe',
  `\ufeff\u00a0 ${'😀a'.repeat(90)}. End.`,
  'wine and grapes '.repeat(6000),
  'x'.repeat(70_000),
  'lone \ud800 surrogate \udc00s',
  'unendingly '.repeat(30),
];

interface Theirs {
  readonly scores: Readonly<Record<'item' | 'user', readonly (readonly [tag: string, score: number])[]>>[];
  readonly features: number[][];
  readonly weights: number[][];
  readonly stems: number[][];
  readonly tokens: number[][];
}

let texts: string[];
beforeAll(async () => {
  const books = await writeBookDataset(folder.path('books'), 160);
  texts = [...books.slice(0, 60).map(({ text }) => text), ...AWKWARD];
  // Texts that training saw twice, so that all their features are known.
  const awkward = [...AWKWARD, ...AWKWARD].map((text, i) => ({ ...books[i]!, id: `awkward-${i}`, text }));
  await rm(folder.path('books'), { recursive: true });
  await writeSmallDataset(folder.path('books'), [...books, ...awkward]);
  const vectors = smallItems(80).map((item, i) => ({
    ...item,
    embedding: Float32Array.of((i % 4) - 1, i % 3, 0.5),
  }));
  await writeSmallDataset(folder.path('vectors'), vectors);
});

async function compare(
  name: string,
  options: Pick<TrainOptions, 'dataset'> & Partial<TrainOptions>,
  items: readonly ItemInput[],
): Promise<number> {
  const out = folder.path(name);
  await trainItem2Tag({ ...TINY, ...options, out });
  const file = await folder.write(`${name}.json`, JSON.stringify(items));
  const theirs = JSON.parse(await runPython('score_bundle.py', out, file, String(TOP_K))) as Theirs;

  const { bag, tokenizer, manifest } = await readBundle(out);
  items.forEach(({ text = '' }, i) => {
    const shown = JSON.stringify(text.slice(0, 60));
    const { ids, weights, stems } = bag.encode(text);
    expect([...ids], `features of ${shown}`).toEqual(theirs.features[i]);
    weights.forEach((weight, j) => expect(weight).toBeCloseTo(theirs.weights[i]![j]!, 6));
    expect([...stems], `stems of ${shown}`).toEqual(theirs.stems[i]);
    const tokens = tokenizer?.encode(text, manifest.encoder.tokens) ?? [];
    expect([...tokens], `tokens of ${shown}`).toEqual(theirs.tokens[i]);
  });

  const scorer = await Scorer.load(out);
  const ours = await scorer.score(items, { topK: TOP_K });
  await scorer.close();
  let furthest = 0;
  items.forEach((_, i) => {
    for (const space of ['item', 'user'] as const) {
      const own = ours[i]![space]!;
      expect(own.map(({ tag }) => tag)).toEqual(theirs.scores[i]![space].map(([tag]) => tag));
      own.forEach(({ score }, rank) => {
        furthest = Math.max(furthest, Math.abs(score - theirs.scores[i]![space][rank]![1]));
      });
    }
  });
  return furthest;
}

const needs = ['onnxruntime', 'tokenizers', 'numpy'];
const settings = { nDims: 32, nHidden: 16, epochs: 4, leadWeight: 0.5 };

describe('a bundle, read and run from Python', () => {
  itWithPython(needs, 'int8: gives the same features, tokens and tags, and scores within 1e-4', async () => {
    const options = { dataset: folder.path('books'), encoder: 'default', settings };
    const items = texts.map((text) => ({ text }));
    expect(await compare('int8', options, items)).toBeLessThan(1e-4);
  });

  itWithPython(needs, 'float32: gives the same, and scores within 1e-5', async () => {
    const options = {
      dataset: folder.path('books'),
      encoder: 'default',
      settings,
      precision: 'float32',
    } as const;
    const items = texts.map((text) => ({ text }));
    expect(await compare('float32', options, items)).toBeLessThan(1e-5);
  });

  itWithPython(needs, 'without static embeddings, with given vectors: within 1e-5', async () => {
    const options = { dataset: folder.path('vectors'), precision: 'float32' } as const;
    const items = [
      { text: 'grape harvest', embedding: [3, 1, 0.5] },
      { embedding: [-1, 2, 0.5] },
      { text: 'sonar and torpedo' },
      { text: '', embedding: [0, 0, 0] },
    ];
    expect(await compare('given', options, items)).toBeLessThan(1e-5);
  });
});
