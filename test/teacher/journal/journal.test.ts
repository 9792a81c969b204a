import fc from 'fast-check';
import { open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../../teacher/journal/journal.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { allCalls, callOf, keyOf, readJournal, writeCalls } from './calls.js';

const folder = temporaryFolder();

afterEach(() => vi.restoreAllMocks());

/** Watch the fdatasyncs of all files. */
async function watchSyncs(): Promise<{ readonly n: number }> {
  const handle = await open(folder.path(''), 'r');
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const spy = vi.spyOn(prototype, 'datasync');
  return {
    get n() {
      return spy.mock.calls.length;
    },
  };
}

describe('answers', () => {
  it('are there once appended, and when the journal is opened again', async () => {
    const dir = folder.path('missing/deep/journal');
    const journal = await Journal.open(dir);
    expect(journal.has(keyOf(1))).toBe(false);
    expect(await journal.find(keyOf(1))).toBeNull();
    await journal.append(callOf(1));
    expect(journal.has(keyOf(1))).toBe(true);
    expect(await journal.find(keyOf(1))).toEqual(callOf(1));
    await journal.close();
    const again = await Journal.open(dir);
    expect(await again.find(keyOf(1))).toEqual(callOf(1));
    expect(again.has('no key')).toBe(false);
    expect(await again.find('no key')).toBeNull();
    await again.close();
  });

  it('are those of the highest attempt, the last of equals, whatever the order in the file', async () => {
    const dir = folder.path('attempts');
    const of = (attempt: number, raw_text: string) => callOf(1, { attempt, raw_text });
    const journal = await Journal.open(dir);
    for (const call of [of(2, 'second'), of(1, 'first'), of(2, 'second again')]) await journal.append(call);
    expect(await journal.find(keyOf(1))).toMatchObject({ raw_text: 'second again' });
    await journal.close();
    const again = await Journal.open(dir);
    expect(await again.find(keyOf(1))).toMatchObject({ raw_text: 'second again' });
    await again.close();
  });

  it('include those that cannot be read, not those that failed, which count as money alone', async () => {
    const dir = folder.path('failed');
    const calls = [
      callOf(1, { status: 'failed', attempt: 1, cost_microusd: 5 }),
      callOf(2, { status: 'unparseable', attempt: 1 }),
      callOf(2, { status: 'failed', attempt: 2, cost_microusd: null }),
    ];
    const journal = await Journal.open(dir);
    for (const call of calls) await journal.append(call);
    const look = async (opened: Journal): Promise<unknown> => [
      opened.has(keyOf(1)),
      await opened.find(keyOf(1)),
      (await opened.find(keyOf(2)))?.status,
      opened.nCalls,
      opened.spentMicrousd,
    ];
    const expected = [false, null, 'unparseable', 3, 12];
    expect(await look(journal)).toEqual(expected);
    await journal.close();
    const again = await Journal.open(dir);
    expect(await look(again)).toEqual(expected);
    await again.close();
  });

  it.each([
    ['a lone surrogate', 'a\ud800b'],
    ['emoji', '🎻👩🏽‍🚀'],
    ['NUL and newlines', '\0\r\n\u2028\n\n'],
    ['1 MB of text', '弦'.repeat(350_000)],
    ['3 MB of escapes', '"\\\n'.repeat(1_000_000)],
    ['nothing', ''],
  ])('keep %s as it came', async (name, raw_text) => {
    const dir = folder.path(`text ${name}`);
    await writeCalls(dir, [
      callOf(1),
      callOf(2, { raw_text, error: raw_text, source_id: raw_text }),
      callOf(3),
    ]);
    const { calls, notices } = await readJournal(dir);
    expect(calls[1]!.raw_text === raw_text && calls[1]!.source_id === raw_text).toBe(true);
    expect(calls).toHaveLength(3);
    expect(notices).toEqual([]);
  });

  it('keep any text as it came', async () => {
    const dir = folder.path('any text');
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 500, seed: 1 });
    const calls = texts.map((raw_text, n) => callOf(n, { raw_text }));
    await writeCalls(dir, calls);
    expect((await readJournal(dir)).calls).toEqual(calls);
  });

  it('are refused where they could not be read back, and the next one is taken', async () => {
    const journal = await Journal.open(folder.path('bad rows'));
    for (const changes of [
      { key: 'abc' },
      { key: keyOf(1).toUpperCase() },
      { attempt: -1 },
      { attempt: 1.5 },
      { cost_microusd: Number.NaN },
      { status: 'done' as 'ok' },
      { raw_text: 'x'.repeat(2 ** 26) },
    ]) {
      await expect(journal.append(callOf(1, changes))).rejects.toMatchObject({ code: 'E_BAD_INPUT' });
    }
    await journal.append(callOf(1));
    expect(journal.nCalls).toBe(1);
    await journal.close();
  });
});

describe('appends', () => {
  it('that come at once share their fdatasyncs: 10,000 take fewer than 20', async () => {
    const dir = folder.path('at once');
    const journal = await Journal.open(dir);
    const syncs = await watchSyncs();
    const calls = Array.from({ length: 10_000 }, (_, n) => callOf(n));
    await Promise.all(calls.map((call) => journal.append(call)));
    expect(syncs.n).toBeLessThan(20);
    expect(journal.nCalls).toBe(10_000);
    await journal.close();
    expect((await readJournal(dir)).calls).toEqual(calls);
  });

  it('of 128 that each wait for the disk share their fdatasyncs: 10,000 take fewer than 200', async () => {
    const journal = await Journal.open(folder.path('in turn'));
    const syncs = await watchSyncs();
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < 10_000) await journal.append(callOf(next++));
    };
    await Promise.all(Array.from({ length: 128 }, work));
    expect(syncs.n).toBeGreaterThanOrEqual(Math.ceil(10_000 / 128));
    expect(syncs.n).toBeLessThan(200);
    await journal.close();
  });

  it('are on the disk when they resolve, one by one', async () => {
    const dir = folder.path('one by one');
    const journal = await Journal.open(dir);
    const syncs = await watchSyncs();
    for (let n = 0; n < 10; n++) {
      const before = syncs.n;
      await journal.append(callOf(n));
      expect(syncs.n).toBeGreaterThan(before);
    }
    await journal.close();
  });

  it('begin a new segment where the last is full, and go on with the last when opened again', async () => {
    const dir = folder.path('segments');
    const calls = Array.from({ length: 50 }, (_, n) => callOf(n));
    for (const from of [0, 20, 40]) {
      const journal = await Journal.open(dir, { segmentBytes: 4000 });
      for (const call of calls.slice(from, from + 20)) {
        await journal.append(call);
        expect(await journal.find(call.key)).toEqual(call);
      }
      expect(await allCalls(journal)).toEqual(calls.slice(0, from + 20));
      await journal.close();
    }
    const names = (await readdir(dir)).sort();
    expect(names.length).toBeGreaterThan(5);
    expect(names[0]).toBe('calls-000001.jsonl');
    expect(names.at(-1)).toBe(`calls-${String(names.length).padStart(6, '0')}.jsonl`);
    expect((await readJournal(dir)).calls).toEqual(calls);
  });

  it('that were made before closing are kept, those after it are refused', async () => {
    const dir = folder.path('closing');
    const journal = await Journal.open(dir);
    const appended = Promise.all([journal.append(callOf(1)), journal.append(callOf(2))]);
    await Promise.all([journal.close(), journal.close()]);
    await appended;
    await expect(journal.append(callOf(3))).rejects.toMatchObject({ code: 'E_CLOSED' });
    await expect(journal.find(keyOf(1))).rejects.toMatchObject({ code: 'E_CLOSED' });
    await expect(journal.calls().next()).rejects.toMatchObject({ code: 'E_CLOSED' });
    expect((await readJournal(dir)).calls).toEqual([callOf(1), callOf(2)]);
  });
});

describe('calls()', () => {
  it('gives what was there when it was asked, though more comes meanwhile', async () => {
    const journal = await Journal.open(folder.path('meanwhile'), { segmentBytes: 3000 });
    for (let n = 0; n < 20; n++) await journal.append(callOf(n));
    const keys: string[] = [];
    for await (const { key } of journal.calls()) {
      keys.push(key);
      await journal.append(callOf(20 + keys.length));
    }
    expect(keys).toEqual(Array.from({ length: 20 }, (_, n) => keyOf(n)));
    expect(journal.nCalls).toBe(40);
    await journal.close();
  });

  it('leaves no file open when it is left early', async () => {
    const journal = await Journal.open(folder.path('early'));
    await journal.append(callOf(1));
    for await (const { key } of journal.calls()) {
      expect(key).toBe(keyOf(1));
      break;
    }
    await journal.close();
  });
});

describe('opening', () => {
  it('makes no segment until there is a call to keep', async () => {
    const dir = folder.path('empty');
    expect(await readJournal(dir)).toEqual({ calls: [], notices: [] });
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses a file in the place of the folder', async () => {
    const path = await folder.write('file', 'x');
    await expect(Journal.open(path)).rejects.toMatchObject({ code: 'E_FILE_WRITE', file: path });
    await expect(Journal.open(join(path, 'below'))).rejects.toMatchObject({ code: 'E_FILE_WRITE' });
  });

  it('ends when it is aborted, and gives up the lock', async () => {
    const dir = folder.path('aborted');
    await writeCalls(dir, [callOf(1)]);
    await expect(Journal.open(dir, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'E_ABORTED',
    });
    expect((await readJournal(dir)).calls).toHaveLength(1);
  });

  it('passes over files of other names', async () => {
    const dir = folder.path('others');
    await writeCalls(dir, [callOf(1)]);
    for (const name of ['calls-1.jsonl', 'calls-000001.jsonl.bak', 'README', 'writer-x.lock']) {
      await writeFile(join(dir, name), 'nothing of ours');
    }
    expect(await readJournal(dir)).toEqual({ calls: [callOf(1)], notices: [] });
  });

  it.each([0, -1, Number.NaN, 2 ** 32])('refuses segments of %d bytes', async (segmentBytes) => {
    await expect(Journal.open(folder.path('sizes'), { segmentBytes })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
    });
  });
});
