import { Field, Float64, List, Struct, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { Table as ParquetTable, writeParquet } from 'parquet-wasm/node';

/** Two labelled rows with all that is awkward: quotes, a line break, emoji, Chinese, an empty list. */
export const LABEL_ROWS = [
  {
    id: 'a',
    text: 'red, "dry" wine\nfrom Tuscany',
    item_tags: [{ tag: 'wine', strength: 0.25 }],
    user_tags: [],
  },
  { id: '书', text: '历史 🧑‍🏫', item_tags: [{ tag: '历史', strength: 1 }], user_tags: ['老师', 'student 🎓'] },
];

export function labelsAsJsonl(): string {
  return LABEL_ROWS.map((row) => JSON.stringify(row)).join('\n');
}

/** CSV or TSV with every cell quoted, lists as JSON, and the line ends that spreadsheets write. */
export function labelsAsText(delimiter: ',' | '\t'): string {
  const header = Object.keys(LABEL_ROWS[0]!).join(delimiter);
  return [header, ...LABEL_ROWS.map((row) => Object.values(row).map(quoted).join(delimiter))].join('\r\n');
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll('"', '""')}"`;
}

export function labelsAsTable(): Table {
  const tag = new Struct<{ tag: Utf8; strength: Float64 }>([
    new Field('tag', new Utf8()),
    new Field('strength', new Float64()),
  ]);
  const column = <Name extends keyof (typeof LABEL_ROWS)[number]>(name: Name) =>
    LABEL_ROWS.map((row) => row[name]);
  return new Table({
    id: vectorFromArray(column('id'), new Utf8()),
    text: vectorFromArray(column('text'), new Utf8()),
    item_tags: vectorFromArray(column('item_tags'), new List(new Field('item', tag))),
    user_tags: vectorFromArray(column('user_tags'), new List(new Field('item', new Utf8()))),
  });
}

export function asParquet(table: Table): Uint8Array {
  return writeParquet(ParquetTable.fromIPCStream(tableToIPC(table, 'stream')));
}
