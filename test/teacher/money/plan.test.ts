import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallRow, Task } from '../../../src/dataset/rows.js';
import { estimateTextTokens, estimateTokens, IMAGE_TOKENS } from '../../../teacher/money/estimate-tokens.js';
import { ASSUMED_OUT_TOKENS, OutTokensTally } from '../../../teacher/money/out-tokens.js';
import { PlanTally } from '../../../teacher/money/plan.js';
import type { Price } from '../../../teacher/money/prices.js';
import type { ContentPart, ModelEndpoint, Question } from '../../../teacher/questions/question.js';
import { sharedData } from '../../support/shared-data.js';

const endpoint: ModelEndpoint = { baseUrl: 'http://localhost/v1', model: 'm', params: {} };
const price: Price = { inPerMillion: 1, cachedInPerMillion: 0.1, outPerMillion: 4, batchDiscount: 0.5 };

function question(content: string | readonly ContentPart[], task: Task = 'item2tag'): Question {
  const prompt = { id: 'p', hash: 'h' };
  return { task, sourceId: '1', sample: 0, prompt, messages: [{ role: 'user', content }] };
}

function answer(tokens_out: number | null, more: Partial<CallRow> = {}): CallRow {
  return { task: 'item2tag', status: 'ok', model_requested: 'm', tokens_out, ...more } as CallRow;
}

describe('PlanTally', () => {
  it('leaves out what the journal has, and counts it', () => {
    const tally = new PlanTally();
    tally.add(question('a text'), true);
    tally.add(question('a text'), false);
    const plan = tally.plan({ endpoint, price });
    expect(plan).toMatchObject({ nQuestions: 2, nCached: 1, nCalls: 1 });
    expect(plan.tokensIn.p50).toBe(estimateTokens(question('a text').messages));
  });

  it('costs nothing where all is cached, or nothing is asked', () => {
    const tally = new PlanTally();
    tally.add(question('a text'), true);
    for (const plan of [tally.plan({ endpoint, price }), new PlanTally().plan({ endpoint, price })]) {
      expect(plan).toMatchObject({
        nCalls: 0,
        tokensIn: { p50: 0, p95: 0 },
        costMicrousd: { p50: 0, p95: 0 },
      });
    }
  });

  it('adds up answers of the mean length at p50 and of the 95th of 100 at p95', () => {
    const tally = new PlanTally();
    for (let i = 0; i < 100; i++) tally.add(question('a text'), false);
    for (let i = 0; i < 10; i++) tally.add(question('a tag', 'i2u'), false);
    expect(tally.plan({ endpoint, price }).tokensOut).toEqual({ p50: 31_605 + 775, p95: 33_400 + 820 });
  });

  it('prices both, with the discount in a batch', () => {
    const tally = new PlanTally();
    tally.add(question('a text'), false);
    const { tokensIn, tokensOut, costMicrousd } = tally.plan({ endpoint, price });
    expect(costMicrousd).toEqual({
      p50: tokensIn.p50 + 4 * tokensOut.p50,
      p95: tokensIn.p95 + 4 * tokensOut.p95,
    });
    const batch = tally.plan({ endpoint, price, isBatch: true }).costMicrousd;
    expect(batch?.p95).toBe(Math.ceil(costMicrousd!.p95 / 2));
  });

  it('gives no cost without a price, rather than 0', () => {
    const tally = new PlanTally();
    tally.add(question('a text'), false);
    const plan = tally.plan({ endpoint, price: null });
    expect(plan.costMicrousd).toBeNull();
    expect(plan.basis).toContain('no price');
  });

  it('takes the tokens of an image from its price', () => {
    const tally = new PlanTally();
    const url = { type: 'image_url', image_url: { url: 'data:,' } } as const;
    tally.add(question([url, url]), false);
    expect(tally.plan({ endpoint, price: null }).tokensIn.p50).toBe(7 + 2 * IMAGE_TOKENS);
    expect(tally.plan({ endpoint, price: { ...price, imageTokens: 85 } }).tokensIn.p50).toBe(7 + 170);
  });

  it.each(['max_tokens', 'max_completion_tokens'])('takes no answer for longer than %s', (name) => {
    const tally = new PlanTally();
    tally.add(question('a text'), false);
    const plan = tally.plan({ endpoint: { ...endpoint, params: { [name]: 320 } }, price });
    expect(plan.tokensOut).toEqual({ p50: 316, p95: 320 });
  });

  it('says what is measured, what is estimated and what is assumed', () => {
    const answers = new OutTokensTally('m');
    for (let i = 0; i < 25; i++) answers.add(answer(100));
    const tally = new PlanTally();
    tally.add(question('a text'), false);
    tally.add(question('a tag', 'u2i'), false);
    const outTokens = { item2tag: answers.of('item2tag'), u2i: answers.of('u2i') };
    const { basis, tokensOut } = tally.plan({ endpoint, price: { ...price, asOf: '2026-01-31' }, outTokens });
    expect(tokensOut).toEqual({ p50: 100 + 74, p95: 100 + 79 });
    expect(basis).toBe(
      'input estimated by script; answers of item2tag measured on 25 in the journal; ' +
        'answers of u2i assumed as long as 760 recorded ones; price as of 2026-01-31',
    );
  });
});

describe('OutTokensTally', () => {
  it('measures from 20 answers on, and assumes below', () => {
    const tally = new OutTokensTally('m');
    for (let i = 1; i < 20; i++) tally.add(answer(i));
    expect(tally.of('item2tag')).toBe(ASSUMED_OUT_TOKENS.item2tag);
    tally.add(answer(20));
    expect(tally.of('item2tag')).toEqual({ nAnswers: 20, mean: 10.5, p50: 10, p95: 19, basis: 'measured' });
    expect(tally.of('i2u')).toBe(ASSUMED_OUT_TOKENS.i2u);
  });

  it('leaves out other models, failed calls and answers whose tokens are not known', () => {
    const tally = new OutTokensTally('m');
    for (let i = 0; i < 20; i++) tally.add(answer(100));
    tally.add(answer(9000, { model_requested: 'other' }));
    tally.add(answer(9000, { status: 'failed' }));
    tally.add(answer(null));
    expect(tally.of('item2tag')).toMatchObject({ nAnswers: 20, mean: 100, p95: 100 });
  });

  it('counts unparseable answers, as they are paid', () => {
    const tally = new OutTokensTally('m');
    for (let i = 0; i < 20; i++) tally.add(answer(100, { status: 'unparseable' }));
    expect(tally.of('item2tag').nAnswers).toBe(20);
  });
});

describe('ASSUMED_OUT_TOKENS', () => {
  const dir = sharedData('teacher-books');

  it.skipIf(dir === null)('is as long as the recorded answers, up to the error of the estimate', () => {
    const rows = ['answers-item2tag.jsonl', 'answers-tag2tag.jsonl'].flatMap((file) =>
      readFileSync(join(dir!, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly raw: string; readonly direction?: Task }),
    );
    for (const [task, { nAnswers, mean }] of Object.entries(ASSUMED_OUT_TOKENS)) {
      const lengths = rows
        .filter(({ direction = 'item2tag' }) => direction === task)
        .map(({ raw }) => estimateTextTokens(raw));
      expect(lengths).toHaveLength(nAnswers);
      const estimated = lengths.reduce((sum, length) => sum + length, 0) / nAnswers;
      expect(Math.abs(estimated / mean - 1)).toBeLessThan(0.03);
    }
  });
});
