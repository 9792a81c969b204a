import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/core/progress.js';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import type { DenseEncoder, EncodeOptions } from '../../src/features/dense-encoder.js';
import { openHubEncoder } from '../../src/features/hub-encoder.js';
import { encodeItems } from '../../student/encoded-items.js';
import { readAll } from '../support/read-all.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeTinyEncoder } from '../support/tiny-encoder.js';

const folder = temporaryFolder();
const cacheDir = () => folder.path('cache');
beforeEach(() => rm(cacheDir(), { recursive: true, force: true }));

/** Counts the texts that it is asked for: a vector is the text's number and its length. */
class CountingEncoder implements DenseEncoder {
  readonly name = 'counting';
  readonly nDims = 2;
  readonly asked: string[] = [];
  constructor(
    readonly fingerprint = 'f'.repeat(64),
    private readonly before: (nAsked: number) => void = () => undefined,
  ) {}

  encode(texts: readonly string[], { signal }: EncodeOptions = {}): Promise<Float32Array> {
    this.before(this.asked.length);
    signal?.throwIfAborted();
    this.asked.push(...texts);
    return Promise.resolve(Float32Array.from(texts.flatMap((text) => [Number(text) || 0, text.length])));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const numbered = (n: number) => ({ texts: Array.from({ length: n }, (_, i) => String(i)) });
const expected = (n: number) =>
  Float32Array.from(numbered(n).texts.flatMap((text) => [Number(text), text.length]));

async function shards(encoder: DenseEncoder): Promise<string[]> {
  const dir = `${cacheDir()}/${encoder.fingerprint.slice(0, 32)}`;
  return (await readdir(dir)).sort().map((name) => `${dir}/${name}`);
}

describe('encodeItems', () => {
  it('encodes each text once, and none that the cache has', async () => {
    const first = new CountingEncoder();
    const texts = ['7', '12', '7', ''];
    const vectors = Float32Array.of(7, 1, 12, 2, 7, 1, 0, 0);
    expect(await encodeItems({ texts }, first, { cacheDir: cacheDir() })).toEqual(vectors);
    expect(first.asked).toEqual(['7', '12', '']);
    const second = new CountingEncoder();
    const again = await encodeItems({ texts: ['5', ...texts] }, second, { cacheDir: cacheDir() });
    expect(again).toEqual(Float32Array.of(5, 1, ...vectors));
    expect(second.asked).toEqual(['5']);
  });

  it('keeps the vectors of another encoder apart', async () => {
    await encodeItems(numbered(3), new CountingEncoder(), { cacheDir: cacheDir() });
    const other = new CountingEncoder('0'.repeat(64));
    await encodeItems(numbered(3), other, { cacheDir: cacheDir() });
    expect(other.asked).toHaveLength(3);
  });

  it('writes files of 4,096 rows, whose names do not depend on the run', async () => {
    const encoder = new CountingEncoder();
    expect(await encodeItems(numbered(5000), encoder, { cacheDir: cacheDir() })).toEqual(expected(5000));
    const paths = await shards(encoder);
    const sizes = await Promise.all(
      paths.map(async (path) => (await readAll(readArrowRows(path, 'encoded_texts'))).length),
    );
    expect(sizes.sort()).toEqual([4096, 904]);
    const bytes = await Promise.all(paths.map((path) => readFile(path, 'base64')));
    await rm(cacheDir(), { recursive: true });
    await encodeItems(numbered(5000), new CountingEncoder(), { cacheDir: cacheDir() });
    expect(await Promise.all((await shards(encoder)).map((path) => readFile(path, 'base64')))).toEqual(bytes);
  });

  it('keeps what was computed when it is stopped, and goes on from there', async () => {
    const stop = new AbortController();
    const stopped = new CountingEncoder(undefined, (nAsked) => {
      if (nAsked >= 4608) stop.abort();
    });
    const options = { cacheDir: cacheDir(), signal: stop.signal };
    await expect(encodeItems(numbered(6000), stopped, options)).rejects.toThrow();
    expect(stopped.asked).toHaveLength(4608);
    const rest = new CountingEncoder();
    expect(await encodeItems(numbered(6000), rest, { cacheDir: cacheDir() })).toEqual(expected(6000));
    expect(rest.asked).toEqual(numbered(6000).texts.slice(4608));
    expect((await shards(rest)).filter((path) => !path.endsWith('.arrow'))).toEqual([]);
  });

  it('makes a damaged file again, and passes over what a killed run left', async () => {
    const encoder = new CountingEncoder();
    await encodeItems(numbered(3), encoder, { cacheDir: cacheDir() });
    const [path] = await shards(encoder);
    await truncate(path!, 100);
    await writeFile(`${path!}.tmp-0123`, 'half');
    const again = new CountingEncoder();
    expect(await encodeItems(numbered(3), again, { cacheDir: cacheDir() })).toEqual(expected(3));
    expect(again.asked).toHaveLength(3);
    await encodeItems(numbered(3), again, { cacheDir: cacheDir() });
    expect(again.asked).toHaveLength(3);
  });

  it('tells how many of the missing texts are done, and how many were there', async () => {
    await encodeItems(numbered(10), new CountingEncoder(), { cacheDir: cacheDir() });
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    await encodeItems(numbered(610), new CountingEncoder(), { cacheDir: cacheDir(), onProgress });
    expect(events).toEqual(
      [256, 512, 600].map((done) => ({ stage: 'encode', done, total: 600, figures: { cached: 10 } })),
    );
  });

  it('says where the cache cannot be', async () => {
    await mkdir(cacheDir(), { recursive: true });
    await folder.write('cache/file', '');
    await expect(
      encodeItems(numbered(1), new CountingEncoder(), { cacheDir: folder.path('cache/file') }),
    ).rejects.toMatchObject({ code: 'E_FILE_WRITE', hint: expect.stringContaining('can be written') });
  });

  it('gives what a hub encoder gives, from the cache too', async () => {
    await writeTinyEncoder(folder.path('tiny'));
    const encoder = await openHubEncoder(folder.path('tiny'));
    try {
      const texts = ['wine', 'a short text', 'wine', 'grape'];
      const vectors = await encodeItems({ texts }, encoder, { cacheDir: cacheDir() });
      const direct = await encoder.encode(texts);
      expect(vectors.every((value, i) => Math.abs(value - direct[i]!) < 1e-5)).toBe(true);
      expect(await encodeItems({ texts }, encoder, { cacheDir: cacheDir() })).toEqual(vectors);
    } finally {
      await encoder.close();
    }
  });
});
