import { Int64, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { readFile, truncate } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../../src/dataset/input-record.js';
import { readRecords } from '../../src/dataset/read-records.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { asParquet, LABEL_ROWS, labelsAsJsonl, labelsAsTable, labelsAsText } from '../support/label-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

async function read(path: string, signal?: AbortSignal) {
  const problems = new RowProblems(false);
  const records: InputRecord[] = [];
  for await (const record of readRecords(path, { problems, ...(signal && { signal }) })) records.push(record);
  const places = records.map(({ place }) => place.line ?? place.row);
  return { values: records.map(({ value }) => value), places, problems: problems.first };
}

describe('readRecords', () => {
  it.each<[string, () => string | Uint8Array]>([
    ['a.jsonl', labelsAsJsonl],
    ['mark.jsonl', () => `\ufeff${labelsAsJsonl().replaceAll('\n', '\r\n')}\r\n`],
    ['blank.ndjson', () => `\n${labelsAsJsonl().replace('\n', '\n \n\n')}\n\n`],
    ['a.json', labelsAsJsonl],
    ['a.jsonl.gz', () => gzipSync(labelsAsJsonl())],
    ['UPPER.JSONL.GZ', () => gzipSync(labelsAsJsonl())],
    ['a.csv', () => labelsAsText(',')],
    ['mark.csv', () => `\ufeff${labelsAsText(',')}\r\n\r\n`],
    ['a.csv.gz', () => gzipSync(labelsAsText(','))],
    ['a.tsv', () => labelsAsText('\t')],
    ['a.parquet', () => asParquet(labelsAsTable())],
    ['a.arrow', () => tableToIPC(labelsAsTable(), 'file')],
    ['a.feather', () => tableToIPC(labelsAsTable(), 'file')],
  ])('gives the same records from %s', async (name, content) => {
    const { values, problems } = await read(await folder.write(name, content()));
    expect(values).toEqual(LABEL_ROWS);
    expect(problems).toEqual([]);
  });

  it('names the endings that it knows where it does not know one', async () => {
    for (const name of ['x.xlsx', 'x', 'x.parquet.gz', 'x.constructor']) {
      await expect(read(await folder.write(name, 'x'))).rejects.toMatchObject({
        code: 'E_FILE_FORMAT',
        hint: expect.stringContaining('.jsonl.gz'),
      });
    }
  });

  it.each(['jsonl', 'csv', 'parquet', 'arrow', 'jsonl.gz'])(
    'tells a missing file, an empty one and a folder apart: .%s',
    async (ending) => {
      const missing = folder.path(`gone.${ending}`);
      await expect(read(missing)).rejects.toMatchObject({ code: 'E_FILE_MISSING', file: missing });
      const empty = await folder.write(`empty.${ending}`, '');
      await expect(read(empty)).rejects.toMatchObject({ code: 'E_FILE_EMPTY', file: empty });
    },
  );

  it('stops where the signal says so, also before the first byte', async () => {
    const path = await folder.write('long.jsonl', `${labelsAsJsonl()}\n`.repeat(50));
    await expect(read(path, AbortSignal.abort())).rejects.toMatchObject({ code: 'E_ABORTED', file: path });
    const stop = new AbortController();
    const rows = readRecords(path, { problems: new RowProblems(false), signal: stop.signal });
    await rows.next();
    stop.abort();
    await expect(rows.next()).rejects.toMatchObject({ code: 'E_ABORTED' });
  });
});

describe('readRecords, JSONL', () => {
  it('counts lines that are no JSON object, with their place, and reads on', async () => {
    const path = await folder.write(
      'bad.jsonl',
      Buffer.concat([
        Buffer.from('{"a":1}\n{"a":\n7\nnull\n"x"\n'),
        Buffer.from([0x7b, 0xe9, 0x7d, 10]),
        Buffer.from('{"a":2}'),
      ]),
    );
    const { places, problems } = await read(path);
    expect(places).toEqual([1, 7]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    expect(problems.at(-1)!.message).toBe(`${path}:6: the line is not valid UTF-8`);
    expect(problems.every(({ code, hint }) => code === 'E_BAD_ROW' && hint !== undefined)).toBe(true);
  });

  it('says how to make lines of a JSON array, whether it stands on one line or on many', async () => {
    for (const indent of [0, 2]) {
      const path = await folder.write('array.json', JSON.stringify(LABEL_ROWS, null, indent));
      expect((await read(path)).problems[0]).toMatchObject({ hint: expect.stringContaining('jq -c') });
    }
  });

  it('joins what was split over chunks: a long line with characters of many bytes', async () => {
    const text = '历史🧑‍🏫é'.repeat(40_000);
    const path = await folder.write('long-line.jsonl', `${JSON.stringify({ text })}\n{"text":"b"}\n`);
    expect((await read(path)).values).toEqual([{ text }, { text: 'b' }]);
  });

  it('says that a packed file is cut short, or not packed at all', async () => {
    const packed = gzipSync(labelsAsJsonl().repeat(500));
    const cut = await folder.write('cut.jsonl.gz', packed.subarray(0, packed.length - 20));
    await expect(read(cut)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      file: cut,
      hint: expect.stringContaining('cut short'),
    });
    const plain = await folder.write('plain.jsonl.gz', labelsAsJsonl());
    await expect(read(plain)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file: plain });
  });
});

describe('readRecords, CSV', () => {
  it('splits tag cells at bars and semicolons, leaves out blanks, and leaves other cells alone', async () => {
    const path = await folder.write('bars.csv', 'id,text,tags,user_tags\n1,a|b; c, wine | red wine ||x;y,\n');
    expect((await read(path)).values).toEqual([
      { id: '1', text: 'a|b; c', tags: ['wine', 'red wine', 'x', 'y'] },
    ]);
  });

  it('leaves a tag cell that is broken JSON as text, so that it is told as no list', async () => {
    const path = await folder.write('broken.csv', 'id,text,tags\n1,a,"[""x"","\n');
    expect((await read(path)).values).toEqual([{ id: '1', text: 'a', tags: '["x",' }]);
  });

  it('gives each row the line where it starts, blank lines and cells of several lines counted', async () => {
    const path = await folder.write('lines.csv', 'id,text\n1,"a\nb\r\nc"\n\n\n2,x\n3\n4,"y\n"\n5,z\n');
    const { places, problems } = await read(path);
    expect(places).toEqual([2, 7, 9, 11]);
    expect(problems.map(({ message }) => message)).toEqual([
      `${path}:8: a row of another length than the header's 2 columns`,
    ]);
  });

  it('counts a row that is not UTF-8, and takes U+FFFD that the file itself holds', async () => {
    const path = await folder.write(
      'latin.csv',
      Buffer.concat([
        Buffer.from('id,text\n1,a\ufffdb\n2,caf'),
        Buffer.from([0xe9]),
        Buffer.from('\n3,café\n'),
      ]),
    );
    const { values, problems } = await read(path);
    expect(values).toEqual([
      { id: '1', text: 'a\ufffdb' },
      { id: '3', text: 'café' },
    ]);
    expect(problems.map(({ message }) => message)).toEqual([`${path}:3: the row is not valid UTF-8`]);
  });

  it('refuses a header that is not UTF-8', async () => {
    const path = await folder.write('header.csv', Buffer.from('id,text,ann\u00e9e\n1,a,b\n', 'latin1'));
    await expect(read(path)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', line: 1 });
  });

  it('names the line where quotes break', async () => {
    const open = await folder.write('open.csv', 'id,text\n1,a\n2,"never closed\n3,b\n');
    await expect(read(open)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      line: 3,
      message: expect.stringContaining('does not close'),
      hint: expect.stringContaining('quotes'),
    });
    const inner = await folder.write('inner.csv', 'id,text\r\n1,"a\r\n"\r\n2,"b" c\r\n3,b\r\n');
    await expect(read(inner)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      line: 4,
    });
  });
});

describe('readRecords, tables', () => {
  it('leaves out nulls, numbers rows from 0, and keeps an id that a number would not hold', async () => {
    const table = new Table({
      id: vectorFromArray([7n, 12345678901234567891n & 0x7fffffffffffffffn], new Int64()),
      text: vectorFromArray(['a', null], new Utf8()),
    });
    for (const [name, content] of [
      ['ids.arrow', tableToIPC(table, 'file')],
      ['ids.parquet', asParquet(table)],
    ] as const) {
      const { values, places } = await read(await folder.write(name, content));
      expect(values).toEqual([{ id: 7, text: 'a' }, { id: '3122306864379792083' }]);
      expect(places).toEqual([0, 1]);
    }
  });

  it.each(['arrow', 'parquet'])('says that the file is cut short: .%s', async (ending) => {
    const path = await folder.write(
      `cut.${ending}`,
      ending === 'arrow' ? tableToIPC(labelsAsTable(), 'file') : asParquet(labelsAsTable()),
    );
    const { length } = await readFile(path);
    for (const size of [length - 1, Math.floor(length / 2), 20]) {
      await truncate(path, size);
      await expect(read(path)).rejects.toMatchObject({
        code: 'E_FILE_FORMAT',
        file: path,
        hint: expect.stringContaining('copy it again'),
      });
    }
  });

  it('reads the same after an Arrow file went through Arrow again', async () => {
    const path = await folder.write(
      'again.arrow',
      tableToIPC(tableFromIPC(tableToIPC(labelsAsTable(), 'stream')), 'file'),
    );
    expect((await read(path)).values).toEqual(LABEL_ROWS);
  });

  it('tells the stream format from the file format', async () => {
    const path = await folder.write('stream.arrow', tableToIPC(labelsAsTable(), 'stream'));
    await expect(read(path)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      hint: expect.stringContaining('stream format'),
    });
  });
});
