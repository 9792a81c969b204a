import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { probability } from '../../src/bundle/calibration.js';
import { readBundle } from '../../src/bundle/read-bundle.js';
import { SPACES } from '../../src/core/space.js';
import { padBags } from '../../src/features/bag-encoder.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag } from '../../student/index.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { itWithPython, runPython } from './python.js';

const TOP_K = 4;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-onnx-oracle-'));
  await writeSmallDataset(join(dir, 'data'));
  await trainItem2Tag({
    dataset: join(dir, 'data'),
    out: join(dir, 'bundle'),
    ...TINY,
    precision: 'float32',
  });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('an exported student', () => {
  itWithPython(
    ['onnxruntime', 'numpy'],
    "gives the same tags and scores in Python's onnxruntime, within 1e-5",
    async () => {
      const texts = [...smallItems(70).map(({ text }) => text), '', '历史 wine'];
      const bundle = await readBundle(join(dir, 'bundle'));
      const bags = texts.map((text) => bundle.bag.encode(text));
      const { nRows, width, ids, weights, stems, stemWidth } = padBags(bags, bundle.bag.nStems);
      const feeds = {
        feature_ids: { type: 'int32', dims: [nRows, width], data: [...ids] },
        feature_weights: { type: 'float32', dims: [nRows, width], data: [...weights] },
        stem_ids: { type: 'int32', dims: [nRows, stemWidth], data: [...stems] },
        k: { type: 'int64', dims: [1], data: [TOP_K] },
      };
      await writeFile(join(dir, 'feeds.json'), JSON.stringify(feeds));
      const printed = await runPython(
        'onnx_scores.py',
        join(dir, 'bundle', 'onnx', 'model.onnx'),
        join(dir, 'feeds.json'),
      );
      const theirs = JSON.parse(printed) as Record<string, number[][]>;

      const scorer = await Scorer.load(join(dir, 'bundle'));
      const ours = await scorer.score(texts, { topK: TOP_K });
      await scorer.close();
      for (const space of SPACES) {
        texts.forEach((_, row) => {
          ours[row]![space]!.forEach(({ tag, score }, rank) => {
            const index = theirs[`${space}_indices`]![row]![rank]!;
            const logit = theirs[`${space}_logits`]![row]![rank]!;
            expect(bundle.tags[space]![index]!.tag).toBe(tag);
            const expected = probability(bundle.calibrations[space]!, logit, index);
            expect(Math.abs(expected - score)).toBeLessThanOrEqual(1e-5);
          });
        });
      }
    },
  );
});
