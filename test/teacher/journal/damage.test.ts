import fc from 'fast-check';
import { copyFile, mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallRow } from '../../../src/dataset/rows.js';
import { Journal } from '../../../teacher/journal/journal.js';
import { encodeLine } from '../../../teacher/journal/journal-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { callOf, keyOf, readJournal, writeCalls } from './calls.js';

const folder = temporaryFolder();
const segmentOf = (dir: string, n = 1): string => join(dir, `calls-00000${n}.jsonl`);

/** A journal of 12 calls of varied length, and where each of them ended when its append resolved. */
async function writeGrowing(dir: string): Promise<{ calls: CallRow[]; ends: number[] }> {
  const journal = await Journal.open(dir);
  const calls = Array.from({ length: 12 }, (_, n) => callOf(n, { raw_text: '弦\n'.repeat(n * n) }));
  const ends: number[] = [];
  for (const call of calls) {
    await journal.append(call);
    ends.push((await stat(segmentOf(dir))).size);
  }
  await journal.close();
  return { calls, ends };
}

async function copyOf(dir: string, name: string): Promise<string> {
  const copy = folder.path(name);
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  await copyFile(segmentOf(dir), segmentOf(copy));
  return copy;
}

describe('a segment cut at any byte', () => {
  it('keeps every call whose append had resolved by then, and takes new ones', async () => {
    const dir = folder.path('whole');
    const { calls, ends } = await writeGrowing(dir);
    const cut = fc.oneof(fc.nat({ max: ends.at(-1)! }), fc.constantFrom(...ends, 0, 1, ends[0]! - 1));
    await fc.assert(
      fc.asyncProperty(cut, async (nBytes) => {
        const copy = await copyOf(dir, 'cut');
        await truncate(segmentOf(copy), nBytes);
        const kept = calls.filter((_, n) => ends[n]! <= nBytes);
        const lineStart = (await readFile(segmentOf(copy))).lastIndexOf('\n') + 1;
        const first = await readJournal(copy);
        expect(first.calls).toEqual(kept);
        expect(first.notices).toEqual(
          nBytes > lineStart ? [expect.stringContaining(`dropped ${nBytes - lineStart} bytes`)] : [],
        );
        await writeCalls(copy, [callOf(99)]);
        expect(await readJournal(copy)).toEqual({ calls: [...kept, callOf(99)], notices: [] });
      }),
      { numRuns: 150 },
    );
  });

  it('keeps them where the lost blocks read as zeros', async () => {
    const dir = folder.path('zeros');
    const { calls, ends } = await writeGrowing(dir);
    const bytes = await readFile(segmentOf(dir));
    bytes.fill(0, ends[8]! + 100);
    await writeFile(segmentOf(dir), bytes);
    const { calls: read, notices } = await readJournal(dir);
    expect(read).toEqual(calls.slice(0, 9));
    expect(notices).toEqual([expect.stringMatching(/calls-000001\.jsonl: dropped \d+ bytes/)]);
  });
});

describe('a damaged segment', () => {
  it('loses two lines at most to one wrong byte, and never gives a wrong call', async () => {
    const dir = folder.path('before');
    const { calls, ends } = await writeGrowing(dir);
    const texts = new Set(calls.map((call) => JSON.stringify(call)));
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: ends.at(-1)! - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const copy = await copyOf(dir, 'flipped');
          const bytes = await readFile(segmentOf(copy));
          bytes[at] = bytes[at]! ^ flip;
          await writeFile(segmentOf(copy), bytes);
          const { calls: read, notices } = await readJournal(copy);
          expect(read.length).toBeGreaterThanOrEqual(calls.length - 2);
          expect(read.filter((call) => !texts.has(JSON.stringify(call)))).toEqual([]);
          expect(notices).not.toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is told by file and line, the first three lines of it, and is left as it is', async () => {
    const dir = folder.path('many bad');
    await writeCalls(
      dir,
      Array.from({ length: 9 }, (_, n) => callOf(n)),
    );
    const lines = (await readFile(segmentOf(dir), 'utf8')).split('\n');
    for (const n of [2, 3, 5, 7]) lines[n] = lines[n]!.replace('violin', 'viola');
    await writeFile(segmentOf(dir), lines.join('\n'));
    const { calls, notices } = await readJournal(dir);
    expect(calls.map(({ key }) => key)).toEqual([0, 3, 5, 7, 8].map(keyOf));
    expect(notices).toEqual([
      expect.stringMatching(/calls-000001\.jsonl:3: .*checksum/),
      expect.stringMatching(/calls-000001\.jsonl:4: .*checksum/),
      expect.stringMatching(/calls-000001\.jsonl:6: .*checksum/),
      expect.stringContaining('4 damaged lines'),
    ]);
    expect(await readFile(segmentOf(dir), 'utf8')).toBe(lines.join('\n'));
  });

  it('keeps its other calls where its header is damaged, or a line is not one of a call', async () => {
    const dir = folder.path('no header');
    await writeCalls(dir, [callOf(1)]);
    const text = await readFile(segmentOf(dir), 'utf8');
    await writeFile(segmentOf(dir), `x${text}${encodeLine({ key: 'k' }).toString()}no\n`);
    const { calls, notices } = await readJournal(dir);
    expect(calls).toEqual([callOf(1)]);
    expect(notices.map((text) => /\.jsonl:(\d+): /.exec(text)?.[1])).toEqual(['1', '3', '4']);
  });

  it('keeps the calls on both sides of a line that is longer than any', async () => {
    const dir = folder.path('long line');
    await writeCalls(dir, [callOf(1)]);
    await writeFile(segmentOf(dir), `${'x'.repeat(70 * 1024 * 1024)}\n`, { flag: 'a' });
    await writeCalls(dir, [callOf(2)]);
    const { calls, notices } = await readJournal(dir);
    expect(calls).toEqual([callOf(1), callOf(2)]);
    expect(notices).toEqual([expect.stringMatching(/:3: .*longer than any/)]);
    const journal = await Journal.open(dir);
    expect(await journal.find(keyOf(2))).toEqual(callOf(2));
    await journal.close();
  });

  it('is not cut where it is not the last', async () => {
    const dir = folder.path('two');
    const journal = await Journal.open(dir, { segmentBytes: 1 });
    for (const n of [1, 2]) await journal.append(callOf(n));
    await journal.close();
    const { size } = await stat(segmentOf(dir));
    await truncate(segmentOf(dir), size - 5);
    const { calls, notices } = await readJournal(dir);
    expect(calls).toEqual([callOf(2)]);
    expect(notices).toEqual([expect.stringMatching(/calls-000001\.jsonl:2: .*cut off/)]);
    expect((await stat(segmentOf(dir))).size).toBe(size - 5);
  });

  it('is told when an answer is read whose line has changed since', async () => {
    const dir = folder.path('changed');
    const journal = await Journal.open(dir);
    for (const n of [1, 2]) await journal.append(callOf(n));
    const text = await readFile(segmentOf(dir), 'utf8');
    await writeFile(segmentOf(dir), text.replace('violin 2', 'viola 2x'));
    expect(await journal.find(keyOf(1))).toEqual(callOf(1));
    await expect(journal.find(keyOf(2))).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      file: segmentOf(dir),
      message: expect.stringContaining('checksum'),
    });
    await truncate(segmentOf(dir), 100);
    await expect(journal.find(keyOf(2))).rejects.toMatchObject({ code: 'E_FILE_FORMAT' });
    await journal.close();
  });
});

describe('a file that is no segment of this version', () => {
  it.each([
    [
      'another version',
      encodeLine({ format: 'tagdistill-journal', version: 2 }),
      /:1: version 2 .* reads version 1/,
    ],
    ['another format', encodeLine({ format: 'other', version: 1 }), /:1: the first line does not say/],
    ['a call in the first line', encodeLine(callOf(1)), /:1: the first line does not say/],
    ['plain JSONL', '{"a":1}\n{"a":2}\n', /none of 2 lines/],
  ])('is refused and left as it is: %s', async (name, content, message) => {
    const dir = folder.path(`refused ${name}`);
    await mkdir(dir);
    await writeFile(segmentOf(dir), content);
    await expect(Journal.open(dir)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/./),
    });
    expect(await readFile(segmentOf(dir), 'utf8')).toBe(content.toString());
  });

  it('is refused where it is a folder', async () => {
    const dir = folder.path('folder');
    await mkdir(segmentOf(dir), { recursive: true });
    await expect(Journal.open(dir)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file: segmentOf(dir) });
  });
});
