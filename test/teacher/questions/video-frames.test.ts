import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RowProblems } from '../../../src/dataset/row-problems.js';
import { itemQuestions } from '../../../teacher/questions/item-questions.js';
import { loadPrompt } from '../../../teacher/questions/prompts.js';
import type { ContentPart } from '../../../teacher/questions/question.js';
import { findVideo, requireFfmpeg, sampleFrames } from '../../../teacher/questions/video-frames.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { findFfmpeg } from './ffmpeg.js';

const folder = temporaryFolder();
const ffmpeg = findFfmpeg();

afterEach(() => vi.unstubAllEnvs());

/** Width and height in the frame header of a JPEG. */
function sizeOf(url: string): [number, number] {
  const bytes = Buffer.from(url.replace('data:image/jpeg;base64,', ''), 'base64');
  for (let at = 2; at < bytes.length;) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc3) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new Error('no frame header');
}

describe.skipIf(ffmpeg === null)('frames of a video', () => {
  const clip = (): string => folder.path('clip.mp4');

  beforeAll(() => {
    // The picture's brightness rises with time, so that a frame tells when it was taken.
    const ramp = "color=black:s=1280x720:r=10:d=4,geq=lum='60*T':cb=128:cr=128";
    const args = ['-v', 'error', '-f', 'lavfi', '-i', ramp, '-pix_fmt', 'yuv420p', folder.path('clip.mp4')];
    execFileSync(ffmpeg!, args);
  });

  beforeAll(async () => {
    await folder.write('broken.mp4', Buffer.alloc(5000, 7));
  });

  const withFfmpeg = (): void => {
    vi.stubEnv('TAGDISTILL_FFMPEG', ffmpeg!);
  };

  it('are scaled into the longest side, keep their shape, and come in order of time', async () => {
    withFfmpeg();
    const frames = (await sampleFrames(clip(), { nFrames: 4 })) as string[];
    expect(frames.map(sizeOf)).toEqual(Array(4).fill([512, 288]));
    const brightness = frames.map(brightnessOf);
    expect(brightness).toEqual([...brightness].sort((a, b) => a - b));
    // The middles of four parts of 4 s are 0.5, 1.5, 2.5 and 3.5 s; limited range widens by 255 / 219.
    for (const [i, value] of brightness.entries()) {
      expect(Math.abs(value - (60 * (i + 0.5) - 16) * (255 / 219))).toBeLessThan(8);
    }
  });

  it('are never scaled up', async () => {
    withFfmpeg();
    expect(((await sampleFrames(clip(), { nFrames: 1, maxSide: 5000 })) as string[]).map(sizeOf)).toEqual([
      [1280, 720],
    ]);
  });

  it('have the same bytes each time, so that answers are found again', async () => {
    withFfmpeg();
    expect(await sampleFrames(clip(), { nFrames: 2 })).toEqual(await sampleFrames(clip(), { nFrames: 2 }));
  });

  it('go into the question after the images', async () => {
    withFfmpeg();
    const file = await folder.write(
      'items.jsonl',
      '{"id": 1, "video": "clip.mp4", "images": "https://example.org/a.png"}',
    );
    const problems = new RowProblems(true);
    const prompt = loadPrompt('item2tag-images.v1');
    for await (const { question } of itemQuestions(file, {
      prompt,
      problems,
      splitOf: () => 'train',
      nFrames: 3,
    })) {
      const content = (await question(0)).messages[1]!.content as ContentPart[];
      expect(content.map(({ type }) => type)).toEqual(['text', ...Array<string>(4).fill('image_url')]);
      const urls = content.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
      expect(urls.map((url) => url.slice(0, 15))).toEqual([
        'https://example',
        ...Array<string>(3).fill('data:image/jpeg'),
      ]);
    }
  });

  it('that cannot be read are a problem with what ffmpeg said', async () => {
    withFfmpeg();
    expect(await sampleFrames(folder.path('broken.mp4'), { nFrames: 2 })).toMatchObject({
      message: expect.stringMatching(
        /no frame of the video .*broken\.mp4 can be read: .*Invalid data/,
      ) as string,
    });
  });

  it('are given up when it is told to', async () => {
    withFfmpeg();
    const signal = AbortSignal.abort();
    await expect(sampleFrames(clip(), { nFrames: 2, signal })).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  /** Mean brightness of a frame, decoded by ffmpeg. */
  function brightnessOf(url: string): number {
    const input = Buffer.from(url.replace('data:image/jpeg;base64,', ''), 'base64');
    const args = [
      '-v',
      'error',
      '-f',
      'mjpeg',
      '-i',
      'pipe:0',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      'pipe:1',
    ];
    const pixels = execFileSync(ffmpeg!, args, { input, maxBuffer: 1 << 26 });
    return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  }
});

describe('without ffmpeg', () => {
  it('the first video ends the reading, with what to do', async () => {
    vi.stubEnv('TAGDISTILL_FFMPEG', folder.path('no-ffmpeg'));
    await folder.write('some.mp4', 'x');
    const error = { code: 'E_PACKAGE_MISSING', hint: expect.stringMatching(/TAGDISTILL_FFMPEG/) as string };
    await expect(requireFfmpeg()).rejects.toMatchObject(error);
    await expect(sampleFrames(folder.path('some.mp4'), { nFrames: 1 })).rejects.toMatchObject(error);
    const file = await folder.write('videos.jsonl', '{"id": 1, "text": "x", "video": "some.mp4"}');
    const options = {
      prompt: loadPrompt('item2tag.v1'),
      problems: new RowProblems(false),
      splitOf: () => 'train' as const,
    };
    await expect(itemQuestions(file, options).next()).rejects.toMatchObject(error);
  });

  it('items without videos are read all the same', async () => {
    vi.stubEnv('TAGDISTILL_FFMPEG', folder.path('no-ffmpeg'));
    const file = await folder.write('texts.jsonl', '{"id": 1, "text": "x", "video": null}');
    const options = {
      prompt: loadPrompt('item2tag.v1'),
      problems: new RowProblems(true),
      splitOf: () => 'train' as const,
    };
    expect((await itemQuestions(file, options).next()).done).toBe(false);
  });
});

describe('findVideo', () => {
  it.each([
    ['https://example.org/a.mp4', /should be the path of a video file, found "https/],
    ['concat:a.mp4', /should be the path/],
    [['a.mp4'], /should be the path/],
    ['nowhere.mp4', /cannot read the video .*ENOENT/],
    ['.', /is no file/],
    ['empty.mp4', /has 0 bytes/],
  ])('finds a problem in %j', async (cell, message) => {
    await folder.write('empty.mp4', '');
    expect(await findVideo('video', cell, folder.path(''))).toMatchObject({
      message: expect.stringMatching(message) as string,
    });
  });

  it('finds none where there is no cell', async () => {
    for (const cell of [undefined, null, '']) expect(await findVideo('video', cell, '.')).toBeNull();
  });
});
