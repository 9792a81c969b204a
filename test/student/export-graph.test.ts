import type * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabelled } from '../../src/dataset/load-labelled.js';
import { padItems, type ItemFeatures } from '../../src/features/item-encoder.js';
import { readStaticEncoder } from '../../src/features/read-static-encoder.js';
import type { StaticEncoder } from '../../src/features/static-encoder.js';
import { graphFeeds } from '../../src/runtime/graph-feeds.js';
import { openSession } from '../../src/runtime/session.js';
import { exportGraph } from '../../student/export-graph.js';
import { describeExported, fitStudent, type FittedStudent } from '../../student/fit-student.js';
import { tagColumns } from '../../student/tag-columns.js';
import { MINILM_STATIC } from '../support/minilm.js';
import { writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const TEXTS = ['grape harvest in a tuscany cellar', 'sonar', '历史 🧑‍🏫', ''];
let fitted: FittedStudent;
let encoder: StaticEncoder;
let features: ItemFeatures[];
let out: ort.InferenceSession.OnnxValueMapType;

beforeAll(async () => {
  await writeSmallDataset(folder.path('data'));
  const items = await loadLabelled(folder.path('data'), { splits: ['train', 'validation'] });
  ({ encoder } = await readStaticEncoder(MINILM_STATIC));
  fitted = await fitStudent(items, {
    ...{ vocab: 'raw', minUses: 1, seed: 7, refit: false, threads: 1, precision: 'float32' },
    maxQualityLoss: 1,
    settings: { ...TINY.settings, epochs: 10, nHidden: 8 },
    encoders: { nGivenDims: 0, static: encoder },
    cacheDir: folder.path('cache'),
  });
  const { student, prepared, itemEncoder } = fitted;
  features = TEXTS.map((text) => itemEncoder.features({ text }));
  const batch = padItems(features, { nStems: student.shape.nStems, nTokens: encoder.nTokens });
  const session = await openSession(exportGraph(student, { precision: 'float32' }));
  const { inputs } = describeExported(student, prepared, 'float32');
  out = await session.run(graphFeeds(batch, 100, inputs));
  await session.release();
});

const numbers = (name: string): Float32Array => out[name]!.data as Float32Array;
const rowsOf = (name: string): Float32Array[] => {
  const width = numbers(name).length / TEXTS.length;
  return TEXTS.map((_, row) => numbers(name).subarray(row * width, (row + 1) * width));
};

describe('an exported graph', () => {
  it('makes logits of the item embedding, the tag columns, the biases and the words in common', () => {
    const { shape, parameters } = fitted.student;
    const n = shape.nTags.item!;
    const columns = tagColumns('item', shape, parameters);
    const { ids, weights, width } = shape.tagStems.item!;
    TEXTS.forEach((_, row) => {
      const embedding = rowsOf('item_embedding')[row]!;
      const stems = new Set(features[row]!.bag.stems);
      rowsOf('item_indices')[row]!.forEach((tag, rank) => {
        let logit = parameters.dense['item_bias']![tag]!;
        embedding.forEach((value, d) => (logit += value * columns[d * n + tag]!));
        let overlap = 0;
        for (let i = 0; i < width; i++) if (stems.has(ids[i * n + tag]!)) overlap += weights[i * n + tag]!;
        logit += 20 * parameters.dense['item_lexical']![0]! * overlap;
        expect(rowsOf('item_logits')[row]![rank]).toBeCloseTo(logit - rowsOf('item_log_norm')[row]![0]!, 4);
      });
    });
  });

  it('gives log-shares that add up to 1 over all tags', () => {
    for (const logits of rowsOf('item_logits'))
      expect(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)).toBeCloseTo(1, 5);
  });

  it('gives the column that a text would have as a tag: its words, and what its vector says to all tags', () => {
    const { parameters, tagWordScale, shape } = fitted.student;
    const tied = parameters.dense['item_tied']!;
    expect(tied.some((value) => value !== 0)).toBe(true);
    TEXTS.forEach((text, row) => {
      const { ids, weights } = features[row]!.bag;
      const vector = encoder.vector(text);
      rowsOf('item_column')[row]!.forEach((found, d) => {
        let wanted = 0;
        ids.forEach(
          (id, i) => (wanted += tagWordScale * weights[i]! * parameters.embedding[id * shape.nDims + d]!),
        );
        vector.forEach((value, j) => (wanted += tied[d * vector.length + j]! * value));
        expect(found).toBeCloseTo(wanted, 4);
      });
    });
  });
});
