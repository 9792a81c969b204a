import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE_FILES } from '../../src/bundle/manifest.js';
import { Scorer } from '../../src/runtime/scorer.js';
import { trainItem2Tag } from '../../student/train-item2tag.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';

let dir: string;
let bundle: string;
let scorer: Scorer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-scorer-'));
  await writeSmallDataset(join(dir, 'data'));
  bundle = join(dir, 'bundle');
  await trainItem2Tag({ dataset: join(dir, 'data'), out: bundle, ...TINY });
  scorer = await Scorer.load(bundle);
});
afterAll(async () => {
  await scorer.close();
  await rm(dir, { recursive: true, force: true });
});

/** A copy of the bundle that a test may damage. */
async function copyOfBundle(name: string): Promise<string> {
  const copy = join(dir, name);
  await cp(bundle, copy, { recursive: true });
  return copy;
}

describe('Scorer.score', () => {
  it('gives the tags of both spaces, best first, with probabilities', async () => {
    const { item, user } = await scorer.score('grape harvest in a tuscany cellar', { topK: 3 });
    expect(item![0]!.tag).toBe('vineyard');
    expect(user!.slice(0, 2).map(({ tag }) => tag)).toContain('sommelier');
    for (const list of [item!, user!]) {
      expect(list).toHaveLength(3);
      for (const [i, { score }] of list.entries()) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(list[i - 1]?.score ?? 1);
      }
    }
  });

  it('gives a plain list when one space is asked for', async () => {
    const [best] = await scorer.score('sonar and torpedo', { topK: 10, space: 'item' });
    expect(best!.tag).toBe('submarine');
  });

  it('gives one result for each text of a list, in order, whatever stands beside it', async () => {
    const texts = smallItems(150).map(({ text }) => text);
    const together = await scorer.score(texts, { topK: 3 });
    for (const i of [0, 77, 149]) {
      const alone = await scorer.score(texts[i]!, { topK: 3 });
      for (const space of ['item', 'user'] as const) {
        together[i]![space]!.forEach(({ tag, score }, rank) => {
          expect(alone[space]![rank]!.tag).toBe(tag);
          expect(alone[space]![rank]!.score).toBeCloseTo(score, 6);
        });
      }
    }
  });

  it('gives every tag once when more are asked for than there are', async () => {
    const tags = (await scorer.score('apple', { topK: 1000, space: 'item' })).map(({ tag }) => tag);
    expect(tags.toSorted()).toEqual(scorer.tags('item').toSorted());
  });

  it('leaves out tags below the threshold', async () => {
    const all = await scorer.score('bishop endgame', { space: 'item' });
    const some = await scorer.score('bishop endgame', { space: 'item', threshold: all[1]!.score });
    expect(some).toEqual(all.slice(0, 2));
  });

  it('names the tags of any item for a text without a known word', async () => {
    expect(await scorer.score('', { topK: 2 })).toEqual(await scorer.score('🧑‍🏫 ... 历', { topK: 2 }));
  });

  it('takes any string: giant, other scripts, lone surrogates', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect((await scorer.score(text, { topK: 1, space: 'user' }))[0]!.score).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
    expect(await scorer.score('wine '.repeat(300_000), { topK: 1, space: 'item' })).toMatchObject([
      { tag: 'vineyard' },
    ]);
  });

  it('gives an empty list for an empty list', async () => {
    expect(await scorer.score([])).toEqual([]);
  });

  it('refuses what is no text, no top k, no threshold', async () => {
    await expect(scorer.score(['a', 7 as unknown as string])).rejects.toMatchObject({
      code: 'E_BAD_INPUT',
      message: 'text 1 is no string but number',
    });
    await expect(scorer.score('a', { topK: 0 })).rejects.toMatchObject({ code: 'E_BAD_K' });
    await expect(scorer.score('a', { topK: 1.5 })).rejects.toMatchObject({ code: 'E_BAD_K' });
    await expect(scorer.score('a', { threshold: NaN })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });

  it('stops between batches when asked', async () => {
    const signal = AbortSignal.abort();
    await expect(scorer.score(['a', 'b'], { signal })).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('says that it was closed', async () => {
    const other = await Scorer.load(bundle);
    await other.close();
    await other.close();
    await expect(other.score('a')).rejects.toMatchObject({ code: 'E_CLOSED' });
  });
});

describe('Scorer.scoreStream', () => {
  it('keeps the order and the items, and reads ahead no more than a batch', async () => {
    let nRead = 0;
    async function* source() {
      for (const { id, text } of smallItems(100)) {
        nRead++;
        yield Promise.resolve({ id, text });
      }
    }
    let i = 0;
    for await (const { item, scores } of scorer.scoreStream(source(), { topK: 1, batchSize: 8 })) {
      expect(item.id).toBe(`book-${i++}`);
      expect(nRead).toBeLessThanOrEqual(i + 8);
      expect(scores.item).toHaveLength(1);
    }
    expect(i).toBe(100);
  });
});

describe('Scorer.load', () => {
  it('says what is wrong with a folder that is no bundle', async () => {
    await expect(Scorer.load(join(dir, 'nowhere'))).rejects.toMatchObject({
      code: 'E_BUNDLE_MISSING',
      message: expect.stringContaining('there is no such folder'),
    });
    await expect(Scorer.load(join(dir, 'data'))).rejects.toMatchObject({
      code: 'E_BUNDLE_MISSING',
      message: expect.stringContaining('no manifest.json'),
    });
  });

  it('refuses a file whose bytes changed, and names it', async () => {
    const copy = await copyOfBundle('flipped');
    const path = join(copy, BUNDLE_FILES.int8);
    const bytes = await readFile(path);
    bytes[100]! ^= 1;
    await writeFile(path, bytes);
    await expect(Scorer.load(copy)).rejects.toMatchObject({ code: 'E_BUNDLE_CHECKSUM', file: path });
  });

  it('refuses a file that was cut short, and one that is missing', async () => {
    const copy = await copyOfBundle('short');
    await truncate(join(copy, 'features.bin'), 10);
    await expect(Scorer.load(copy)).rejects.toMatchObject({ code: 'E_BUNDLE_CHECKSUM' });
    await rm(join(copy, 'features.bin'));
    await expect(Scorer.load(copy)).rejects.toMatchObject({
      code: 'E_BUNDLE_MISSING',
      file: join(copy, 'features.bin'),
    });
  });

  it('refuses another layout version, and a manifest that is no manifest', async () => {
    const copy = await copyOfBundle('versions');
    const path = join(copy, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...manifest, formatVersion: 99 }));
    await expect(Scorer.load(copy)).rejects.toMatchObject({
      code: 'E_BUNDLE_VERSION',
      message: expect.stringContaining('99'),
    });
    await writeFile(path, JSON.stringify({ ...manifest, spaces: {} }));
    await expect(Scorer.load(copy)).rejects.toMatchObject({ code: 'E_BUNDLE_FORMAT' });
    await writeFile(path, JSON.stringify({ ...manifest, files: { '../../etc/passwd': { sha256: 'x' } } }));
    await expect(Scorer.load(copy)).rejects.toMatchObject({ code: 'E_BUNDLE_FORMAT' });
    await writeFile(path, '{');
    await expect(Scorer.load(copy)).rejects.toMatchObject({ code: 'E_BUNDLE_FORMAT', file: path });
  });

  it('refuses a thread count that is none', async () => {
    await expect(Scorer.load(bundle, { threads: 0 })).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });
});
