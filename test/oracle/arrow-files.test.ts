import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { readLabelRows } from '../../src/dataset/label-row.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { readAll } from '../support/read-all.js';
import type { CallRow, ItemRow, ItemTagRow } from '../../src/dataset/rows.js';
import { itWithPython, runPython } from './python.js';

interface Reading {
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
type Readings = Readonly<Record<'pyarrow' | 'polars' | 'duckdb', Reading>> & {
  readonly metadata: Readonly<Record<string, string>>;
};

const MODULES = ['pyarrow', 'polars', 'duckdb'];
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-arrow-oracle-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const readElsewhere = async (path: string) => JSON.parse(await runPython('read_arrow.py', path)) as Readings;

describe('Arrow files of ours, read by pyarrow, Polars and DuckDB', () => {
  itWithPython(MODULES, 'hold the same item tags: emoji, Chinese, nulls and lists', async () => {
    const row: ItemTagRow = {
      item_id: '书',
      space: 'user',
      tag_raw: '历史老师 🧑‍🏫',
      tag: '历史老师',
      rank: 3,
      score: 0.5,
      votes: 1,
      samples: 2,
      logprob: null,
      call_keys: ['a', ''],
    };
    const rows = [row, { ...row, score: null, call_keys: [] }];
    const path = join(dir, 'item_tags.arrow');
    const writer = await ArrowFileWriter.create(path, 'item_tags', { metadata: { seed: '7' } });
    await writer.appendAll(rows);
    await writer.close();
    const readings = await readElsewhere(path);
    for (const reader of ['pyarrow', 'polars', 'duckdb'] as const)
      expect(readings[reader].rows).toEqual(rows);
    expect(readings.metadata['tagdistill.seed']).toBe('7');
    expect(readings.pyarrow.types).toMatchObject({ tag: 'string', rank: 'int32', score: 'float' });
    expect(readings.polars.types).toMatchObject({ tag: 'String', rank: 'Int32', call_keys: 'List(String)' });
    expect(readings.duckdb.types).toMatchObject({ tag: 'VARCHAR', rank: 'INTEGER', call_keys: 'VARCHAR[]' });
  });

  itWithPython(MODULES, 'hold the same given vectors, and nulls between them', async () => {
    const path = join(dir, 'vectors.arrow');
    const writer = await ArrowFileWriter.create(path, 'items', { nDims: 3 });
    const item = { text: 'x', group: null, split: 'train', fields: null } as const;
    const vectors = [[0.5, -1, 3e38], null, [0, 0, 0], null];
    for (let i = 0; i < 20_000; i++) {
      const vector = vectors[i % 4] ?? null;
      const row = { ...item, item_id: String(i) };
      await writer.append(vector === null ? row : { ...row, embedding: Float32Array.from(vector) });
    }
    await writer.close();
    const readings = await readElsewhere(path);
    const expected = vectors.map((vector) => (vector === null ? null : [...Float32Array.from(vector)]));
    for (const reader of ['pyarrow', 'polars', 'duckdb'] as const) {
      const { rows } = readings[reader];
      expect(rows.length).toBe(20_000);
      expect(
        rows.every(({ embedding }, i) => isDeepStrictEqual(embedding, expected[i % 4])),
        reader,
      ).toBe(true);
    }
    expect(readings.pyarrow.types.embedding).toBe('fixed_size_list<item: float not null>[3]');
    expect(readings.polars.types.embedding).toBe('Array(Float32, shape=(3,))');
    expect(readings.duckdb.types.embedding).toBe('FLOAT[3]');
  });

  itWithPython(MODULES, 'hold 64-bit money, and as many rows as several batches have', async () => {
    const path = join(dir, 'calls.arrow');
    const writer = await ArrowFileWriter.create(path, 'calls');
    const base = Object.fromEntries(
      'model_requested model_returned params finish_reason error tokens_in tokens_cached tokens_out cost_basis started_at finished_at'
        .split(' ')
        .map((name) => [name, null]),
    );
    for (let i = 0; i < 20_000; i++) {
      const call = {
        key: String(i),
        task: 'i2u',
        source_id: 's',
        sample: 0,
        attempt: 1,
        prompt_id: 'p',
        prompt_hash: 'h',
      };
      const end = {
        mode: 'replay',
        status: 'ok',
        raw_text: 'x',
        run_id: 'r',
        cost_microusd: 3_000_000_000 + i,
      };
      await writer.append({ ...base, ...call, ...end } as unknown as CallRow);
    }
    await writer.close();
    const readings = await readElsewhere(path);
    for (const reader of ['pyarrow', 'polars', 'duckdb'] as const) {
      expect(readings[reader].rows).toHaveLength(20_000);
      expect(readings[reader].rows[19_999]!['cost_microusd']).toBe(3_000_019_999);
    }
    expect(readings.pyarrow.types['cost_microusd']).toBe('int64');
  });

  itWithPython(MODULES, 'that ship with the package open with the documented columns', async () => {
    for (const [table, nRows] of [
      ['items', 2165],
      ['calls', 3875],
      ['item_tags', 41_438],
      ['tag_edges', 12_800],
    ] as const) {
      const readings = await readElsewhere(packagePath('datasets', 'books', `${table}.arrow`));
      for (const reader of ['pyarrow', 'polars', 'duckdb'] as const)
        expect(readings[reader].rows).toHaveLength(nRows);
      expect(readings.polars.rows[0]).toEqual(readings.pyarrow.rows[0]);
    }
  });
});

describe('Arrow and Parquet files of others, read by us', () => {
  itWithPython(
    MODULES,
    'may have plain, large or dictionary-encoded texts; compressed ones are refused with the way out',
    async () => {
      await runPython('write_arrow.py', dir);
      const expected: ItemRow[] = [
        { item_id: '1', text: 'a plain text', group: null, split: 'train', fields: null },
        { item_id: '书', text: '历史老师 🧑‍🏫', group: 'g', split: 'test', fields: '{}' },
      ];
      for (const name of ['plain', 'large', 'dictionary', 'polars']) {
        expect(await readAll(readArrowRows(join(dir, `${name}.arrow`), 'items')), name).toEqual(expected);
      }
      for (const name of ['vectors', 'vectors-list', 'vectors-polars']) {
        const items = await readAll(readArrowRows(join(dir, `${name}.arrow`), 'items'));
        expect(items, name).toEqual([{ ...expected[0], embedding: Float32Array.of(0.5, -1) }, expected[1]]);
      }
      await expect(readAll(readArrowRows(join(dir, 'zstd.arrow'), 'items'))).rejects.toMatchObject({
        code: 'E_FILE_FORMAT',
        hint: expect.stringContaining('without compression') as string,
      });
      for (const name of ['items.parquet', 'labels.arrow']) {
        const rows = [];
        const problems = new RowProblems(true);
        for await (const { place: _, ...row } of readLabelRows(join(dir, name), { problems })) rows.push(row);
        expect(rows, name).toEqual([
          {
            id: '1',
            text: 'a plain text',
            group: null,
            split: null,
            fields: { year: 1999 },
            tags: {
              item: [
                { tag: 'a', strength: null },
                { tag: 'b', strength: null },
              ],
              user: [{ tag: 'reader', strength: 0.5 }],
            },
          },
          {
            id: '书',
            text: '历史老师 🧑‍🏫',
            group: null,
            split: null,
            fields: {},
            tags: { item: [], user: [] },
          },
        ]);
      }
    },
  );
});
