import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredCall } from '../../../teacher/questions/call.js';
import { answerOf, collectEdges, collectItemTags, type Answer } from '../../../teacher/answers/collect.js';

const answer = (sample: number, ...item: [string, number | null][]): Answer => ({
  callKey: `key${sample}`,
  sample,
  tags: { item: item.map(([raw, score]) => ({ raw, score })) },
});

describe('collectItemTags', () => {
  it('keeps the order and strengths of a single answer', () => {
    const rows = collectItemTags('7', [answer(0, ['War', 0.5], ['violin', 0.9], ['sea', null])]);
    expect(rows.map(({ tag_raw, tag, rank, score }) => [tag_raw, tag, rank, score])).toEqual([
      ['War', 'war', 0, 0.5],
      ['violin', 'violin', 1, 0.9],
      ['sea', 'sea', 2, null],
    ]);
    expect(rows[0]).toMatchObject({ item_id: '7', space: 'item', votes: 1, samples: 1, call_keys: ['key0'] });
  });

  it('counts votes over samples and averages the strengths of the answers that name a tag', () => {
    const rows = collectItemTags('7', [answer(1, ['violin', 0.5]), answer(0, ['Violin', 1], ['sea', 0.4])]);
    expect(rows).toMatchObject([
      { tag_raw: 'Violin', score: 0.75, votes: 2, samples: 2, call_keys: ['key0', 'key1'] },
      { tag_raw: 'sea', score: 0.4, votes: 1, samples: 2, call_keys: ['key0'] },
    ]);
  });

  it('ranks a tag that one answer puts first below one that all put second', () => {
    const rows = collectItemTags('7', [
      answer(0, ['a', 1], ['b', 1], ['c', 1]),
      answer(1, ['d', 1], ['b', 1], ['e', 1]),
      answer(2, ['f', 1], ['b', 1], ['g', 1]),
    ]);
    expect(rows[0]?.tag).toBe('b');
  });

  it('breaks ties of rank by strength, then by the order seen', () => {
    const rows = collectItemTags('7', [answer(0, ['a', 0.5], ['b', 0.5]), answer(1, ['b', 0.9], ['a', 0.5])]);
    expect(rows.map(({ tag }) => tag)).toEqual(['b', 'a']);
    const equal = collectItemTags('7', [
      answer(0, ['a', null], ['b', null]),
      answer(1, ['b', null], ['a', null]),
    ]);
    expect(equal.map(({ tag }) => tag)).toEqual(['a', 'b']);
  });

  it('gives the same rows in whatever order answers arrive', () => {
    const list = fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(0.3, 0.5, 1, null)),
      {
        selector: ([tag]) => tag,
      },
    );
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), (lists) => {
        const answers = lists.map((tags, sample) => answer(sample, ...tags));
        const rows = collectItemTags('7', answers);
        expect(collectItemTags('7', [...answers].reverse())).toEqual(rows);
        expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, i) => i));
        expect(rows.every(({ votes, samples }) => votes >= 1 && votes <= samples)).toBe(true);
      }),
    );
  });
});

describe('collectEdges', () => {
  it('takes the targets of a stored call', () => {
    const { call } = answeredCall(
      {
        task: 'u2i',
        sourceId: 'violinist',
        sample: 0,
        prompt: { id: 'p', hash: 'h' },
        model: null,
        params: null,
        messages: [],
      },
      { rawText: '1. Classical music (0.90)\n2. practice (0.50)', mode: 'replay', runId: 'r' },
    );
    expect(collectEdges('u2i', 'violinist', [answerOf(call)!])).toMatchObject([
      {
        direction: 'u2i',
        source: 'violinist',
        target_raw: 'Classical music',
        target: 'classical music',
        rank: 0,
        score: 0.9,
      },
      { target: 'practice', rank: 1, call_keys: [call.key] },
    ]);
  });
});

describe('answeredCall', () => {
  const request = {
    task: 'item2tag',
    sourceId: '7',
    sample: 0,
    prompt: { id: 'item2tag.v1', hash: 'h' },
    model: 'm',
    params: '{"temperature":0}',
    messages: [{ role: 'user', content: 'Text' }],
  } as const;
  const response = { rawText: '{"item_tags":["x"]}', mode: 'online', runId: 'r' } as const;

  it('keeps the text of an answer that cannot be read, and no sample comes of it', () => {
    const { call } = answeredCall(request, { ...response, rawText: 'no' });
    expect(call).toMatchObject({ status: 'unparseable', raw_text: 'no', tokens_in: null });
    expect(call.error).toMatch(/no tags found/);
    expect(answerOf(call)).toBeNull();
  });

  it('keeps what was recorded, and nulls for what was not', () => {
    const { call } = answeredCall(request, { ...response, tokens_in: 12, finish_reason: 'stop' });
    expect(call).toMatchObject({
      status: 'ok',
      tokens_in: 12,
      tokens_out: null,
      finish_reason: 'stop',
      error: null,
    });
  });

  it('gives a key that depends on everything asked and on nothing answered', () => {
    const key = answeredCall(request, response).call.key;
    expect(
      answeredCall(request, { ...response, rawText: 'other', runId: 'r2', mode: 'batch' }).call.key,
    ).toBe(key);
    const others = [
      { task: 'i2u' },
      { sourceId: '8' },
      { sample: 1 },
      { prompt: { id: 'item2tag.v1', hash: 'g' } },
      { model: null },
      { params: null },
      { messages: [] },
    ] as const;
    const keys = others.map((change) => answeredCall({ ...request, ...change }, response).call.key);
    expect(new Set([key, ...keys]).size).toBe(8);
  });
});
