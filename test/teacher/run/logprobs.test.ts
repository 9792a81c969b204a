import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTeacher } from '../../../teacher/index.js';
import { normaliseTag } from '../../../src/tags/index.js';
import { FaultServer } from '../../support/fault-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { books, rowsOf, writeItems } from './asked-run.js';

const folder = temporaryFolder();
let server: FaultServer;
let run = 0;
beforeEach(async () => {
  server = await FaultServer.start();
  run++;
});
afterEach(() => server.close());

const out = (): string => folder.path(`out-${run}`);
const ask = (model: string, { samples = 1, n = 4 } = {}) =>
  runTeacher({
    teacher: { baseUrl: server.baseUrl, model, params: { seed: 1 } },
    items: writeItems(folder.path('items.jsonl'), books(n)),
    out: out(),
    logprobs: true,
    samples,
  });

describe('runTeacher with log-probabilities', () => {
  it('has them by tag in calls, their mean over the answers that name it in item_tags, with votes of samples', async () => {
    await ask('any', { samples: 3 });
    expect(server.requests.every(({ body }) => body.logprobs === true)).toBe(true);
    const sums = new Map<string, number[]>();
    for (const { source_id, logprobs } of await rowsOf(out(), 'calls')) {
      const pairs = JSON.parse(logprobs!) as [string, number][];
      expect(pairs).toHaveLength(16);
      for (const [tag, logprob] of pairs) {
        expect(logprob).toBeLessThan(0);
        const key = `${source_id}\n${normaliseTag(tag)}`;
        sums.set(key, [...(sums.get(key) ?? []), logprob]);
      }
    }
    const tags = await rowsOf(out(), 'item_tags');
    expect(tags).toHaveLength(4 * 16);
    for (const { item_id, tag, votes, samples, logprob } of tags) {
      const given = sums.get(`${item_id}\n${tag}`)!;
      expect([votes, samples]).toEqual([given.length, 3]);
      expect(logprob).toBeCloseTo(given.reduce((sum, value) => sum + value, 0) / given.length, 5);
    }
  });

  it('goes on without them where the server does not give them', async () => {
    expect(await ask('rejects_logprobs')).toMatchObject({ nItems: 4, nFailed: 0 });
    expect((await rowsOf(out(), 'calls')).every(({ logprobs }) => logprobs === null)).toBe(true);
    expect((await rowsOf(out(), 'item_tags')).every(({ logprob }) => logprob === null)).toBe(true);
  });

  it('leaves out those that are no logarithms, and keeps the tags', async () => {
    expect(await ask('bad_logprobs')).toMatchObject({ nItems: 4, nFailed: 0, nUnparseable: 0 });
    expect((await rowsOf(out(), 'calls')).every(({ logprobs }) => logprobs === null)).toBe(true);
  });

  it('has the log-probabilities of characters that tokens tear apart', async () => {
    await ask('any', { n: 12 });
    const pairs = (await rowsOf(out(), 'calls')).flatMap(
      ({ logprobs }) => JSON.parse(logprobs!) as [string, number][],
    );
    const torn = pairs.filter(([tag]) => /[^\x20-\x7e]/u.test(tag));
    expect(torn.length).toBeGreaterThan(0);
    expect(torn.every(([, logprob]) => logprob < 0)).toBe(true);
  });
});
