import {
  Field,
  FixedSizeList,
  Float32,
  Float64,
  List,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { tablePath } from '../../src/dataset/files.js';
import { importLabels, type ImportOptions } from '../../src/dataset/import-labels.js';
import { loadLabelled } from '../../src/dataset/load-labelled.js';
import { summariseDataset } from '../../src/dataset/summarise.js';
import { asParquet } from '../support/label-files.js';
import { readAll } from '../support/read-all.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();

async function importFile(
  name: string,
  content: string | Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<Awaited<ReturnType<typeof importLabels>>> {
  const labels = await folder.write(name, content);
  const out = folder.path(`of-${name}`);
  return importLabels({ labels, out, normalise: String, validationShare: 0, overwrite: true, ...options });
}

const importRows = (name: string, rows: readonly object[], options: Partial<ImportOptions> = {}) =>
  importFile(`${name}.jsonl`, rows.map((row) => JSON.stringify(row)).join('\n'), options);

const itemsOf = (dir: string) => readAll(readArrowRows(tablePath(dir, 'items'), 'items'));

/** Three labelled rows: two vectors of three numbers, and none. */
function vectorTable(type: FixedSizeList | List): Table {
  return new Table({
    id: vectorFromArray(['1', '2', '3'], new Utf8()),
    text: vectorFromArray(['a', 'b', 'c'], new Utf8()),
    tags: vectorFromArray([['x'], ['x'], ['y']], new List(new Field('item', new Utf8()))),
    embedding: vectorFromArray([[0.5, -1, 2], null, [0, 0, 1]], type),
  });
}

describe('importLabels, given vectors', () => {
  it('keeps the vectors of JSONL, CSV, Parquet and Arrow alike', async () => {
    const lists = new List(new Field('item', new Float64()));
    const fixed = new FixedSizeList(3, new Field('item', new Float32()));
    const jsonl = [
      '{"id":"1","text":"a","tags":["x"],"embedding":[0.5,-1,2]}',
      '{"id":"2","text":"b","tags":["x"],"embedding":null}',
      '{"id":"3","text":"c","tags":["y"],"embedding":[0,0,1]}',
    ];
    const csv = 'id,text,tags,embedding\n1,a,x,"[0.5, -1, 2]"\n2,b,x,\n3,c,y,"[0,0,1]"\n';
    const inputs: Readonly<Record<string, string | Uint8Array>> = {
      'v.jsonl': jsonl.join('\n'),
      'v.csv': csv,
      'v.parquet': asParquet(vectorTable(lists)),
      'list.arrow': tableToIPC(vectorTable(lists), 'file'),
      'fixed.arrow': tableToIPC(vectorTable(fixed), 'file'),
    };
    const made = new Set<string>();
    for (const [name, content] of Object.entries(inputs)) {
      const report = await importFile(name, content);
      expect(report, name).toMatchObject({ nProblems: 0, embeddings: { nDims: 3, nGiven: 2 } });
      made.add(await readFile(tablePath(report.dir, 'items'), 'base64'));
      const { embeddings } = await loadLabelled(report.dir);
      expect(embeddings).toEqual({
        nDims: 3,
        values: Float32Array.of(0.5, -1, 2, 0, 0, 0, 0, 0, 1),
        isGiven: Uint8Array.of(1, 0, 1),
      });
    }
    expect(made.size).toBe(1);
  });

  it('writes no column where no item has a vector, as before', async () => {
    const { dir, embeddings } = await importRows('none', [{ id: 1, text: 'a', tags: ['x'] }]);
    expect(embeddings).toBeUndefined();
    expect(await itemsOf(dir)).toEqual([
      { item_id: '1', text: 'a', group: null, split: 'train', fields: null },
    ]);
    expect(await loadLabelled(dir)).not.toHaveProperty('embeddings');
  });

  it('adds the column late, after batches without one, and loses no item', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => ({
      id: i,
      text: `t${i}`,
      tags: ['x'],
      ...(i >= 8500 && { embedding: [i, 1] }),
    }));
    const { dir, nItems } = await importRows('late', rows);
    expect(nItems).toBe(9000);
    const { ids, embeddings } = await loadLabelled(dir);
    expect(ids).toEqual(rows.map(({ id }) => String(id)));
    expect(embeddings!.isGiven.reduce((a, b) => a + b)).toBe(500);
    expect(embeddings!.values.subarray(8499 * 2, 8501 * 2)).toEqual(Float32Array.of(0, 0, 8500, 1));
  });

  it('takes another field where it is named, and needs no text beside a vector', async () => {
    const rows = [
      { id: 1, tags: ['x'], image: [1, 2], embedding: 'resnet' },
      { id: 2, text: ' ', tags: ['x'], image: [0, 0] },
    ];
    const { dir, nProblems } = await importRows('named', rows, { embeddingColumn: 'image' });
    expect(nProblems).toBe(0);
    expect(await itemsOf(dir)).toMatchObject([
      { item_id: '1', text: '', fields: '{"embedding":"resnet"}', embedding: Float32Array.of(1, 2) },
      { item_id: '2', fields: null, embedding: Float32Array.of(0, 0) },
    ]);
  });

  it('leaves a field called embedding that is no list among the fields', async () => {
    const { dir, nProblems } = await importRows('word', [
      { id: 1, text: 'a', tags: ['x'], embedding: 'word' },
    ]);
    expect(nProblems).toBe(0);
    expect((await itemsOf(dir))[0]!.fields).toBe('{"embedding":"word"}');
  });

  it('counts a row whose vector has another length, with both lengths and the place of the first', async () => {
    const { nItems, problems } = await importRows('lengths', [
      { id: 1, text: 'a', tags: ['x'] },
      { id: 2, text: 'a', tags: ['x'], embedding: [1, 2, 3] },
      { id: 3, text: 'a', tags: ['x'], embedding: [1, 2] },
    ]);
    expect(nItems).toBe(2);
    expect(problems[0]).toMatchObject({
      code: 'E_BAD_ROW',
      line: 3,
      hint: expect.stringContaining('one model'),
    });
    expect(problems[0]!.message).toContain('"embedding" has 2 numbers, that of line 2 has 3');
  });

  it.each([
    ['[1,null]', '"embedding"[1] should be a number, found null'],
    ['["1"]', '"embedding"[0] should be a number, found "1"'],
    ['[[1]]', '"embedding"[0] should be a number, found [1]'],
    ['[1e39]', '"embedding"[0] is 1e+39, no finite float32 number'],
    ['[]', '"embedding" is an empty list'],
    ['"[1,"', '"embedding" should be a list of numbers, found "[1,"'],
  ])('counts a row with the vector %s', async (vector, message) => {
    const rows = `{"id":1,"text":"a","tags":["x"]}\n{"id":2,"text":"a","tags":["x"],"embedding":${vector}}`;
    const { problems, nItems } = await importFile('bad.jsonl', rows);
    expect(nItems).toBe(1);
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(`:2: ${message}`)]);
  });

  it.each([
    ['a number', { vector: 3 }, '"vector" should be a list of numbers, found 3'],
    ['an object', { vector: { a: 1 } }, '"vector" should be a list of numbers, found {"a":1}'],
  ])('counts %s in a field that was named', async (_, cell, message) => {
    const rows = [
      { id: 1, text: 'a', tags: ['x'], vector: [1] },
      { id: 2, text: 'a', tags: ['x'], ...cell },
    ];
    const { problems } = await importRows('odd', rows, { embeddingColumn: 'vector' });
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });

  it('counts a NaN or a null inside a vector of a table', async () => {
    const table = new Table({
      id: vectorFromArray(['1', '2', '3'], new Utf8()),
      text: vectorFromArray(['a', 'b', 'c'], new Utf8()),
      tags: vectorFromArray([['x'], ['x'], ['y']], new List(new Field('item', new Utf8()))),
      embedding: vectorFromArray([[1], [NaN], [null]], new List(new Field('item', new Float32()))),
    });
    const { nItems, problems } = await importFile('nan.arrow', tableToIPC(table, 'file'));
    expect(nItems).toBe(1);
    expect(problems.map(({ row, message }) => [row, message])).toEqual([
      [1, expect.stringContaining('[0] is NaN, no finite')],
      [2, expect.stringContaining('[0] should be a number, found null')],
    ]);
  });

  it('refuses a named field that no item has', async () => {
    const rows = [{ id: 1, text: 'a', tags: ['x'] }];
    await expect(importRows('typo', rows, { embeddingColumn: 'vektor' })).rejects.toMatchObject({
      code: 'E_BAD_OPTION',
      message: expect.stringContaining('none of the 1 items has a vector in "vektor"'),
    });
  });

  it('tells the length and the number of vectors in the card and the summary', async () => {
    const rows = [
      { id: 1, text: 'a', tags: ['x'], embedding: [1, 2] },
      { id: 2, text: 'b', tags: ['x'] },
    ];
    const { dir } = await importRows('told', rows);
    expect(await readFile(`${dir}/README.md`, 'utf8')).toContain('`embedding` (2 numbers)');
    expect(await summariseDataset(dir)).toMatchObject({ embeddings: { nDims: 2, nGiven: 1 } });
  });
});

describe('loadLabelled, given vectors', () => {
  it('gives back any finite float32 numbers, of the splits asked for', async () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 3,
      maxLength: 3,
    });
    const items = fc.array(
      fc.record({ embedding: fc.option(vector), split: fc.constantFrom('train', 'test') }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(items, async (given) => {
        const rows = given.map((item, id) => ({ id, text: 'a', tags: ['x'], ...item }));
        const { dir } = await importRows('any', rows);
        const { embeddings } = await loadLabelled(dir, { splits: ['test'] });
        const kept = given.filter(({ split }) => split === 'test').map(({ embedding }) => embedding);
        if (kept.every((vector) => vector === null)) expect(embeddings).toBeUndefined();
        else {
          // JSON has no -0.
          expect(Array.from(embeddings!.values, (x) => x + 0)).toEqual(
            kept.flatMap((vector) => (vector ?? [0, 0, 0]).map((x) => x + 0)),
          );
          expect([...embeddings!.isGiven]).toEqual(kept.map((vector) => (vector === null ? 0 : 1)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('names the row of a vector that a hand-made table got wrong', async () => {
    const { dir } = await importRows('hand', [{ id: 1, text: 'a', tags: ['x'], embedding: [1, 2] }]);
    const item = { text: 'x', group: null, split: 'train', fields: null } as const;
    const write = async (embedding: Float32Array) => {
      const writer = await ArrowFileWriter.create(tablePath(dir, 'items'), 'items', { nDims: 2 });
      await writer.append({ ...item, item_id: '1' });
      await writer.append({ ...item, item_id: '2', embedding });
      await writer.close();
    };
    await write(Float32Array.of(0, NaN));
    await expect(loadLabelled(dir)).rejects.toMatchObject({
      code: 'E_BAD_ROW',
      row: 1,
      message: expect.stringContaining('embedding[1] is NaN'),
    });
  });

  it('refuses a column of embeddings that holds no vectors', async () => {
    const { dir } = await importRows('texts', [{ id: 1, text: 'a', tags: ['x'] }]);
    const column = (value: string) => vectorFromArray([value], new Utf8());
    const table = new Table({
      item_id: column('1'),
      text: column('a'),
      split: column('train'),
      embedding: column('[1,2]'),
    });
    await folder.write('of-texts.jsonl/items.arrow', tableToIPC(table, 'file'));
    await expect(loadLabelled(dir)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      message: expect.stringContaining('should be a list of float32, found Utf8'),
    });
  });
});
