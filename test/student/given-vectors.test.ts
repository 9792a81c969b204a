import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/core/random.js';
import { Scorer, type ScoreInput } from '../../src/runtime/scorer.js';
import { trainItem2Tag, type TrainReport } from '../../student/index.js';
import { smallItems, writeSmallDataset, type SmallItem } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const N_DIMS = 6;
const COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'violet', 'white', 'black'];
const random = seededRandom(11);
const directions = COLOURS.map(() => Array.from({ length: N_DIMS }, () => normal(random)));
const vectorOf = (colour: number): Float32Array =>
  Float32Array.from(directions[colour]!, (value) => 40 * (value + 0.1 * normal(random)));

/** Item tags that follow from the vector alone, user tags that follow from the words alone. */
const items: SmallItem[] = smallItems(320).map((item, i) => {
  const colour = Math.floor(random() * COLOURS.length);
  const tagged = { ...item, itemTags: [[COLOURS[colour]!, 1]] as const };
  // Some items come without a vector.
  return i % 16 === 0 ? tagged : { ...tagged, embedding: vectorOf(colour) };
});
/** nDCG@5 of the same five of eight equally frequent tags for every item. */
const POPULARITY = [1, 2, 3, 4, 5].reduce((sum, rank) => sum + 1 / Math.log2(rank + 1), 0) / COLOURS.length;

let report: TrainReport;
let scorer: Scorer;
beforeAll(async () => {
  const dataset = folder.path('data');
  await writeSmallDataset(dataset, items);
  report = await trainItem2Tag({ dataset, out: folder.path('student'), ...TINY });
  scorer = await Scorer.load(folder.path('student'));
});
afterAll(() => scorer.close());

const best = async (input: ScoreInput, space: 'item' | 'user'): Promise<string> =>
  (await scorer.score(input, { topK: 1, space }))[0]!.tag;

describe('a student of items with vectors', () => {
  it('learns tags that only the vector tells, far above popularity', () => {
    expect(report.validation.item).toBeGreaterThan(POPULARITY + 0.4);
    expect(scorer.nEmbeddingDims).toBe(N_DIMS);
  });

  it('names the tags of a vector alone, of any length', async () => {
    for (const [colour, name] of COLOURS.entries()) {
      const embedding = vectorOf(colour);
      expect(await best({ embedding }, 'item')).toBe(name);
      const [short, long] = [1e-3, 1e3].map((length) => embedding.map((value) => value * length));
      expect(await best({ embedding: short! }, 'item')).toBe(name);
      expect(await best({ embedding: [...long!] }, 'item')).toBe(name);
    }
  });

  it('reads vector and text together, each for what it tells', async () => {
    const input = { text: 'sonar torpedo crew depth navy', embedding: vectorOf(4) };
    expect(await best(input, 'item')).toBe('blue');
    expect(['naval officer', 'thriller reader']).toContain(await best(input, 'user'));
  });

  it('takes a text without a vector, and a vector of zeros as none', async () => {
    const text = 'grape harvest in a tuscany cellar';
    expect(['sommelier', 'slow traveller']).toContain(await best(text, 'user'));
    const zeros = new Float32Array(N_DIMS);
    expect(await scorer.score({ text, embedding: zeros })).toEqual(await scorer.score(text));
  });

  it('gives each item of a list its own scores', async () => {
    const list = [{ embedding: vectorOf(0) }, 'wine', { text: 'sonar', embedding: vectorOf(7) }];
    const together = await scorer.score(list, { space: 'item', topK: 3 });
    for (const [i, input] of list.entries()) {
      const alone = await scorer.score(input, { space: 'item', topK: 3 });
      expect(together[i]!.map(({ tag }) => tag)).toEqual(alone.map(({ tag }) => tag));
      alone.forEach(({ score }, rank) => expect(together[i]![rank]!.score).toBeCloseTo(score, 5));
    }
  });

  it.each<[string, unknown, string]>([
    ['too short', [1, 2, 3], 'has 3 numbers, the student reads 6'],
    ['empty', [], 'has 0 numbers, the student reads 6'],
    ['with NaN', [1, 2, NaN, 4, 5, 6], 'number 2 of the embedding of item 1 is NaN'],
    ['with infinity', [1, 2, 3, 4, 5, -Infinity], 'number 5 of the embedding of item 1 is -Infinity'],
    ['with a text in it', [1, 2, 3, 4, 5, 'x'], 'number 5 of the embedding of item 1 is x'],
    ['a text', 'abcdef', 'the embedding of item 1 is no list of numbers but string'],
    ['null', null, 'the embedding of item 1 is no list of numbers but null'],
    ['a number', 7, 'the embedding of item 1 is no list of numbers but number'],
    ['an object', { x: 1 }, 'the embedding of item 1 is no list of numbers but object'],
  ])('refuses a vector that is wrong: %s', async (_, embedding, message) => {
    const list = ['wine', { text: 'wine', embedding: embedding as number[] }];
    await expect(scorer.score(list)).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      message: expect.stringContaining(message),
    });
  });

  it('refuses an item with neither text nor vector', async () => {
    await expect(scorer.score({})).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      message: expect.stringContaining('neither text nor embedding'),
    });
  });
});

describe('a student that reads no vectors', () => {
  it('is made by leaving them out, learns what the words tell, and refuses one', async () => {
    const out = folder.path('words');
    const words = await trainItem2Tag({ dataset: folder.path('data'), out, ...TINY, useEmbeddings: false });
    expect(words.validation.item).toBeLessThan(report.validation.item! - 0.2);
    const other = await Scorer.load(out);
    expect(other.nEmbeddingDims).toBe(0);
    await expect(other.score({ text: 'wine', embedding: vectorOf(0) })).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      hint: expect.stringContaining('Leave the embedding out'),
    });
    await other.close();
  });
});
