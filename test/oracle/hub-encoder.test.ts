import { expect } from 'vitest';
import { openHubEncoder } from '../../src/features/hub-encoder.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';
import { itWithPython, runPython } from './python.js';

const folder = temporaryFolder();
const TEXTS = [
  'Wine.',
  'The Grapes, which stand before it; say little more than: "wine"!',
  '历史 🧑‍🏫 wine café',
  'another short text says '.repeat(30),
  '',
];

itWithPython(
  ['onnxruntime', 'tokenizers', 'numpy'],
  'a hub encoder gives the vectors that Python gives, long texts included',
  async () => {
    const dir = process.env['TAGDISTILL_ENCODER'] ?? folder.path('tiny');
    if (dir === folder.path('tiny')) await writeTinyEncoder(dir);
    const texts = await folder.write('texts.json', JSON.stringify(TEXTS));
    const expected = (JSON.parse(await runPython('encode_texts.py', dir, texts)) as number[][]).flat();
    const encoder = await openHubEncoder(dir);
    try {
      const vectors = await encoder.encode(TEXTS);
      expect(vectors.length).toBe(expected.length);
      const furthest = vectors.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
      expect(furthest).toBeLessThan(1e-5);
    } finally {
      await encoder.close();
    }
  },
);
