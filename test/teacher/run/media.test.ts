import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readArrowSchema } from '../../../src/dataset/arrow-reader.js';
import { tablePath } from '../../../src/dataset/files.js';
import { planTeacher, runTeacher, type RunReport, type RunTeacherOptions } from '../../../teacher/index.js';
import { FaultServer } from '../../support/fault-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { IMAGES } from '../questions/sample-images.js';
import { rowsOf, writeItems } from './asked-run.js';

const folder = temporaryFolder();
const PNG = IMAGES['image/png'];
const URL = `data:image/png;base64,${PNG.toString('base64')}`;

let server: FaultServer;
let run = 0;
beforeEach(async () => {
  server = await FaultServer.start();
  run++;
  for (const name of ['a.png', 'b.png']) writeFileSync(folder.path(name), PNG);
});
afterEach(() => server.close());

const out = (): string => folder.path(`out-${run}`);
const options = (items: readonly object[]): RunTeacherOptions => ({
  teacher: { baseUrl: server.baseUrl, model: 'any' },
  items: writeItems(folder.path('items.jsonl'), items),
  out: out(),
  overwrite: true,
  concurrency: 1,
});
const ask = (items: readonly object[], more: Partial<RunTeacherOptions> = {}): Promise<RunReport> =>
  runTeacher({ ...options(items), ...more });
const promptsOf = async (): Promise<string[]> =>
  (await rowsOf(out(), 'calls')).map(({ prompt_id }) => prompt_id);

describe('runTeacher, items with images', () => {
  it('shows an image beside the text, and asks about it by the prompt for images', async () => {
    const report = await ask([
      { id: 'seen', text: 'Boats.', images: 'a.png' },
      { id: 'read', text: 'Trains.' },
      { id: 'bare', images: ['a.png', 'b.png'] },
    ]);
    expect(report).toMatchObject({ nItems: 3, nFailed: 0, nProblems: 0 });
    const image = { type: 'image_url', image_url: { url: URL } };
    const asked = server.requests.map(({ body }) => body.messages.at(-1)?.content);
    expect(asked).toHaveLength(3);
    expect(asked).toContainEqual([{ type: 'text', text: 'Text: "Boats."' }, image]);
    expect(asked).toContainEqual('Text: "Trains."');
    expect(asked).toContainEqual([{ type: 'text', text: 'Text: ""' }, image, image]);
    expect(await promptsOf()).toEqual(['item2tag-images.v1', 'item2tag.v1', 'item2tag-images.v1']);
    const { metadata } = await readArrowSchema(tablePath(out(), 'calls'));
    expect(metadata.get('tagdistill.prompt.item2tag-images.v1')).toContain('pictures');
    const again = await ask([{ id: 'seen', text: 'Boats.', images: 'a.png' }]);
    expect(again).toMatchObject({ nRequests: 0, nReused: 1 });
  });

  it('asks anew about an item whose image has changed', async () => {
    await ask([{ id: 'seen', text: 'Boats.', images: 'a.png' }]);
    writeFileSync(folder.path('a.png'), IMAGES['image/gif']);
    expect(await ask([{ id: 'seen', text: 'Boats.', images: 'a.png' }])).toMatchObject({ nRequests: 1 });
  });

  it('asks about all items by one prompt where that is told, and finds images in the field that is named', async () => {
    await ask(
      [
        { id: 'seen', text: 'Boats.', cover: 'a.png' },
        { id: 'read', text: 'Trains.' },
      ],
      { imageField: 'cover', prompts: { item2tag: 'item2tag.v1' } },
    );
    expect(await promptsOf()).toEqual(['item2tag.v1', 'item2tag.v1']);
    const nWithImage = server.requests.filter(({ body }) =>
      Array.isArray(body.messages.at(-1)?.content),
    ).length;
    expect(nWithImage).toBe(1);
    const { metadata } = await readArrowSchema(tablePath(out(), 'calls'));
    expect(metadata.has('tagdistill.prompt.item2tag-images.v1')).toBe(false);
  });

  it('leaves one item out whose image vanishes while others are asked about', async () => {
    const items = ['a.png', 'b.png', 'a.png'].map((images, i) => ({ id: `i${i}`, text: `No ${i}.`, images }));
    const gone = (): void => rmSync(folder.path('b.png'), { force: true });
    const report = await ask(items, {
      onProgress: ({ stage, done }) => stage === 'read' && done === 3 && gone(),
    });
    expect(report).toMatchObject({
      nItems: 2,
      nNewAnswers: 2,
      nItemsLeftOut: 1,
      stopped: null,
    });
    expect((await rowsOf(out(), 'items')).map(({ item_id }) => item_id)).toEqual(['i0', 'i2']);
    expect(new Set((await rowsOf(out(), 'item_tags')).map(({ item_id }) => item_id))).toEqual(
      new Set(['i0', 'i2']),
    );
  });

  it('leaves one item out whose video cannot be read, and tells of it', async () => {
    const ffmpeg = folder.path('reads-nothing');
    writeFileSync(ffmpeg, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    writeFileSync(folder.path('a.mp4'), 'no video');
    vi.stubEnv('TAGDISTILL_FFMPEG', ffmpeg);
    const items = [
      { id: 'v', text: 'A.', video: 'a.mp4' },
      { id: 'b', text: 'B.' },
    ];
    const report = await ask(items, { samples: 2 });
    expect(await planTeacher(options(items))).toMatchObject({ nItems: 2, nProblems: 1 });
    await expect(ask(items, { strict: true })).rejects.toMatchObject({ code: 'E_BAD_ROW' });
    vi.unstubAllEnvs();
    expect(report).toMatchObject({ nItems: 1, nProblems: 1, nItemsLeftOut: 1, nRequests: 2 });
    expect(report.problems[0]?.message).toContain('a.mp4');
  });

  it('leaves one item out whose image vanishes before its answer is written', async () => {
    const items = ['b.png', 'a.png'].map((images, i) => ({ id: `i${i}`, text: `No ${i}.`, images }));
    const gone = (): void => rmSync(folder.path('b.png'), { force: true });
    const report = await ask(items, {
      onProgress: ({ stage, done }) => stage === 'items' && done === 2 && gone(),
    });
    expect(report).toMatchObject({ nItems: 1, nNewAnswers: 2, nItemsLeftOut: 1 });
    expect((await rowsOf(out(), 'item_tags')).every(({ item_id }) => item_id === 'i1')).toBe(true);
  });

  it('counts items whose image is missing, no image or too large, before anything is asked', async () => {
    writeFileSync(folder.path('no.png'), 'not an image');
    const items = ['gone.png', 'no.png', 'a.png'].map((images, i) => ({ id: `i${i}`, text: 'A.', images }));
    expect(await ask([...items, { id: 'ok', text: 'B.' }], { maxImageBytes: 50 })).toMatchObject({
      nItems: 1,
      nProblems: 3,
      nRequests: 1,
    });
  });

  it('tells of a field for images that no item has', async () => {
    const report = await ask([{ id: 'a', text: 'A.' }], { imageField: 'covr' });
    expect(report).toMatchObject({ nItems: 1, nProblems: 1 });
    expect(report.problems[0]).toMatchObject({
      message: expect.stringContaining('no item has a field "covr"') as string,
      hint: 'Check its spelling in --image-field.',
    });
  });

  it('tells of a missing ffmpeg before anything is asked', async () => {
    writeFileSync(folder.path('a.mp4'), 'video');
    vi.stubEnv('TAGDISTILL_FFMPEG', folder.path('no-ffmpeg'));
    const asked = ask([{ id: 'v', text: 'A.', film: 'a.mp4' }], { videoField: 'film', nFrames: 2 });
    await expect(asked).rejects.toMatchObject({ code: 'E_PACKAGE_MISSING' });
    vi.unstubAllEnvs();
    expect(server.requests).toEqual([]);
  });

  it('cuts long texts where told, and counts them', async () => {
    const report = await ask([{ id: 'long', text: 'x'.repeat(50) }], { maxTextLength: 10 });
    expect(report).toMatchObject({ nTextsCut: 1 });
    expect(server.requests[0]?.body.messages.at(-1)?.content).toBe('Text: "xxxxxxxxxx [...]"');
    const [item] = await rowsOf(out(), 'items');
    expect(item?.text).toHaveLength(50);
  });

  it.each(['maxTextLength', 'nFrames', 'maxFrameSide', 'maxImageBytes', 'timeoutMs', 'maxTags'] as const)(
    'refuses 0 as %s',
    async (name) => {
      await expect(ask([{ id: 'a', text: 'A.' }], { [name]: 0 })).rejects.toMatchObject({
        code: 'E_BAD_OPTION',
        message: expect.stringContaining(name) as string,
      });
    },
  );
});

describe('planTeacher, items with images', () => {
  it('counts images as tokens, by their price entry where that says so', async () => {
    writeFileSync(
      folder.path('prices.yaml'),
      'prices: [{model: any, input: 1, output: 1, image_tokens: 500}]',
    );
    const plan = async (item: object, prices?: string) => {
      const { plans } = await planTeacher({ ...options([item]), ...(prices !== undefined && { prices }) });
      return plans[0]!.plan.tokensIn.p50;
    };
    const words = { id: 'a', text: 'A.' };
    const prompt = { prompts: { item2tag: 'item2tag-images.v1' } };
    const { plans } = await planTeacher({ ...options([words]), ...prompt });
    const textTokens = plans[0]!.plan.tokensIn.p50;
    expect((await plan({ ...words, images: 'a.png' })) - textTokens).toBe(1105);
    const priced = await plan({ ...words, images: 'a.png' }, folder.path('prices.yaml'));
    expect(priced - textTokens).toBe(500);
  });
});
