import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { evaluateBundles, type Evaluations } from '../../src/evaluate/evaluate-bundles.js';
import { htmlReport, markdownReport } from '../../src/evaluate/report/index.js';
import type { CallRow } from '../../src/dataset/rows.js';
import { trainItem2Tag } from '../../student/index.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';

let dir: string;
let bundles: string[];
let evaluations: Evaluations;

const CALL: Omit<CallRow, 'key' | 'task' | 'cost_microusd'> = {
  source_id: 'book-9',
  sample: 0,
  attempt: 1,
  prompt_id: 'item2tag.v1',
  prompt_hash: 'x',
  model_requested: null,
  model_returned: 'a-model',
  params: null,
  mode: 'online',
  status: 'ok',
  finish_reason: null,
  error: null,
  raw_text: '{}',
  endpoint: null,
  rung: null,
  logprobs: null,
  tokens_in: null,
  tokens_cached: null,
  tokens_out: null,
  cost_basis: null,
  started_at: null,
  finished_at: null,
  run_id: 'r',
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-evaluate-'));
  const data = join(dir, 'data');
  await writeSmallDataset(data);
  bundles = [join(dir, 'first'), join(dir, 'second')];
  await trainItem2Tag({ dataset: data, out: bundles[0]!, ...TINY });
  const settings = { nDims: 8, epochs: 1 };
  await trainItem2Tag({ dataset: data, out: bundles[1]!, ...TINY, settings, minUses: 30 });
  const calls = await ArrowFileWriter.create(join(data, 'calls.arrow'), 'calls');
  await calls.append({ ...CALL, key: '1', task: 'item2tag', cost_microusd: 1000 });
  await calls.append({ ...CALL, key: '2', task: 'item2tag', cost_microusd: 3000 });
  await calls.append({ ...CALL, key: '3', task: 'i2u', cost_microusd: 500 });
  await calls.append({ ...CALL, key: '4', task: 'i2u', cost_microusd: null });
  await calls.close();
  const second = await ArrowFileWriter.create(join(data, 'item_tags_second.arrow'), 'item_tags');
  const [tag] = smallItems()[9]!.itemTags[0]!;
  const counts = { score: null, votes: 1, samples: 1, logprob: null, call_keys: [] };
  // Written with the worse tag first: the rank orders a list, not the place in the file.
  for (const [rank, name] of [
    [1, 'something else'],
    [0, tag],
  ] as const) {
    const row = { item_id: 'book-9', space: 'item' as const, tag_raw: name, tag: name, rank };
    await second.append({ ...row, ...counts });
  }
  await second.close();
  evaluations = await evaluateBundles({ bundles, labels: data });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('evaluateBundles', () => {
  it('measures each bundle on the same items, and each but the first against it', () => {
    const [first, second] = evaluations.reports;
    expect(evaluations.reports.map(({ name }) => name)).toEqual(['first', 'second']);
    expect([first!.nItems, second!.nItems, first!.split]).toEqual([12, 12, 'test']);
    expect(evaluations.comparisons[0]!.item!['nDCG@5'].difference).toBeNull();
    const { difference, interval } = evaluations.comparisons[1]!.item!['nDCG@5'];
    expect(interval.mean).toBeCloseTo(second!.spaces.item!.means['nDCG@5'], 6);
    const gap = second!.spaces.item!.means['nDCG@5'] - first!.spaces.item!.means['nDCG@5'];
    expect(difference!.mean).toBeCloseTo(gap, 6);
  });

  it("reckons the bands of all bundles by the first one's training counts", () => {
    const [first, second] = evaluations.reports.map(({ spaces }) => spaces.item!);
    // The second cannot name the tags of fewer than 30 items, but they are as frequent for both.
    expect(second!.outsideVocabulary).toBeGreaterThan(first!.outsideVocabulary);
    for (const band of ['head', 'torso', 'tail', 'unseen'] as const) {
      expect(second!.bands[band].shareOfUses).toBe(first!.bands[band].shareOfUses);
    }
  });

  it("adds up recorded costs alone, and gives the mean of an item's call", () => {
    expect(evaluations.reports[0]!.teacherCost).toEqual({
      nCalls: 4,
      nRecorded: 3,
      totalUsd: 0.0045,
      meanItemUsd: 0.002,
      models: ['a-model'],
    });
  });

  it("sets the teacher's second answer beside its first, in rank order", () => {
    const { selfAgreement } = evaluations.reports[0]!.spaces.item!;
    expect(selfAgreement!.teacher).toMatchObject({ nItems: 1, means: { 'P@1': 1, 'P@5': 0.2 } });
    expect(evaluations.reports[0]!.spaces.user!.selfAgreement).toBeNull();
  });

  it('keeps strengths for the examples, from a data set and from a labels file', async () => {
    const example = evaluations.reports[0]!.spaces.item!.examples[0]!;
    expect(example.teacher.map(({ strength }) => strength?.toFixed(1))).toEqual(['0.9', '0.4']);
    const labels = join(dir, 'labels.jsonl');
    await writeFile(labels, '{"id":"x","text":"wine","tags":[["vineyard",0.25],"narrative"]}\n');
    const { reports } = await evaluateBundles({ bundles: [bundles[0]!], labels });
    expect(reports[0]).toMatchObject({ split: null, teacherCost: null });
    expect(reports[0]!.spaces.item!.examples[0]!.teacher).toEqual([
      { tag: 'vineyard', strength: 0.25 },
      { tag: 'narrative', strength: null },
    ]);
  });

  it('says that no item has the field to slice by', async () => {
    const options = { bundles: [bundles[0]!], labels: join(dir, 'data'), sliceBy: 'shelf' };
    await expect(evaluateBundles(options)).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      message: expect.stringContaining('"shelf"'),
    });
  });

  it('refuses no bundle', async () => {
    await expect(evaluateBundles({ bundles: [], labels: dir })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
    });
  });
});

describe('the pages', () => {
  it('give the same text for the same evaluations, and the Markdown one for the same bundles', async () => {
    expect(htmlReport(evaluations)).toBe(htmlReport(evaluations));
    const again = await evaluateBundles({ bundles, labels: join(dir, 'data') });
    expect(markdownReport(again)).toBe(markdownReport(evaluations));
  });

  it('close every element that they open', () => {
    const open: string[] = [];
    const html = htmlReport(evaluations).replace(/<style>.*?<\/style>/s, '');
    const isVoid = /^(meta|br|line|circle|polyline)$/;
    for (const [, slash, name, selfClosing] of html.matchAll(
      /<(\/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*?(\/?)>/g,
    )) {
      if (slash === '/') expect(open.pop()).toBe(name);
      else if (selfClosing === '' && !isVoid.test(name!)) open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('take the path where two bundles have one name', async () => {
    const twice = [bundles[0]!, bundles[0]!];
    const page = markdownReport(await evaluateBundles({ bundles: twice, labels: join(dir, 'data') }));
    expect(page).toContain(`| ${bundles[0]!} |`);
  });

  it("keep a table whole whatever stands in a bundle's name", () => {
    const [report] = evaluations.reports;
    const named = { ...evaluations, reports: [{ ...report!, name: 'a|b\nc' }] };
    expect(markdownReport(named)).toContain('| a\\|b c |');
  });
});
