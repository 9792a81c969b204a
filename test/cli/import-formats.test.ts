import { tableToIPC } from 'apache-arrow';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { asParquet, labelsAsJsonl, labelsAsTable, labelsAsText } from '../support/label-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();

it('import makes the same tables, byte for byte, of JSONL, CSV, TSV, Parquet and Arrow', async () => {
  const inputs: Readonly<Record<string, string | Uint8Array>> = {
    'plain.jsonl': labelsAsJsonl(),
    'windows.jsonl': `\ufeff${labelsAsJsonl().replaceAll('\n', '\r\n')}\r\n`,
    'packed.jsonl.gz': gzipSync(labelsAsJsonl()),
    'a.csv': `\ufeff${labelsAsText(',')}`,
    'a.tsv': labelsAsText('\t'),
    'a.parquet': asParquet(labelsAsTable()),
    'a.arrow': tableToIPC(labelsAsTable(), 'file'),
  };
  const made: string[] = [];
  for (const [name, content] of Object.entries(inputs)) {
    await folder.write(name, content);
    const { code, stderr } = await runCli(['import', name, '--out', `of-${name}`], { cwd: folder.path('.') });
    expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
    const tables = await Promise.all(
      ['items', 'item_tags'].map((table) => readFile(folder.path(`of-${name}/${table}.arrow`), 'base64')),
    );
    made.push(tables.join(' '));
  }
  expect(new Set(made).size).toBe(1);
});

it('import reads JSONL from standard input', async () => {
  const cwd = folder.path('.');
  const args = ['import', '-', '--out', 'piped', '--json'];
  const { code, stdout } = await runCli(args, { cwd, input: labelsAsJsonl() });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ nItems: 2, tags: { item: { nUses: 2 }, user: { nUses: 2 } } });
});

it('import keeps the vectors of a named field, and inspect counts them', async () => {
  const rows = [
    { id: 1, text: 'a', tags: ['x'], image: [0.5, 1, 0] },
    { id: 2, tags: ['y'], image: [1, 1, 1] },
    { id: 3, text: 'c', tags: ['y'] },
    { id: 4, text: 'd', tags: ['y'], image: [1, 1] },
  ];
  await folder.write('vectors.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const cwd = folder.path('.');
  const args = ['import', 'vectors.jsonl', '--out', 'vectors', '--embedding-column', 'image'];
  const made = await runCli(args, { cwd });
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('given vectors of 3 numbers: 2 items'),
  });
  expect(made.stderr).toContain('vectors.jsonl:4: "image" has 2 numbers, that of line 1 has 3');
  const { stdout } = await runCli(['inspect', 'vectors'], { cwd });
  expect(stdout).toContain('given vectors of 3 numbers: 2 of 3 items');
  const wrong = await runCli(['import', 'vectors.jsonl', '--out', 'other', '--embedding-column', 'img'], {
    cwd,
  });
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('has a vector in "img"') });
});
