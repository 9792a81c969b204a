import { SPACES, type Space } from '../core/space.js';
import { EMBEDDING } from './embedding-column.js';
import { fieldsOf, type TableName } from './schemas.js';
import { SPLITS, type Split } from './rows.js';

export interface TagCounts {
  /** Uses of a tag over all items. */
  readonly nUses: number;
  /** Distinct raw tags. */
  readonly nDistinct: number;
}

export interface DatasetCard {
  readonly name: string;
  /** A sentence or two: what the items are and where the tags come from. */
  readonly summary: string;
  readonly toolVersion: string;
  readonly nBySplit: Readonly<Partial<Record<Split, number>>>;
  readonly tags: Readonly<Partial<Record<Space, TagCounts>>>;
  /** Tables that the folder has. */
  readonly tables: readonly TableName[];
  /** Length of the items' vectors, where they have some. */
  readonly nDims?: number;
  /** SPDX-like id as the Hugging Face hub writes it, e.g. `cc-by-sa-4.0`; left out where not known. */
  readonly license?: string;
  /** Further Markdown sections, e.g. licences, method, limits. */
  readonly sections?: readonly string[];
}

/** Write a data set's README.md: front matter that the Hugging Face hub reads, counts, splits and columns. */
export function datasetCard({
  name,
  summary,
  toolVersion,
  nBySplit,
  tags,
  tables,
  nDims,
  license,
  sections = [],
}: DatasetCard): string {
  const nItems = SPLITS.reduce((sum, split) => sum + (nBySplit[split] ?? 0), 0);
  const configs = tables.map((table) => `  - config_name: ${table}\n    data_files: ${table}.arrow\n`);
  const tagRows = SPACES.flatMap((space) => {
    const of = tags[space];
    return of === undefined
      ? []
      : [`| ${space} tags | ${of.nUses} | ${of.nDistinct} | ${perItem(of.nUses, nItems)} |`];
  });
  const tableLines = tables.map((table) => {
    const columns = fieldsOf(table).map(({ name: column }) => `\`${column}\``);
    if (table === 'items' && nDims !== undefined) columns.push(`\`${EMBEDDING}\` (${nDims} numbers)`);
    return `- \`${table}.arrow\`: ${columns.join(', ')}`;
  });
  return `---
${license === undefined ? '' : `license: ${license}\n`}pretty_name: ${JSON.stringify(name)}
tags: [tagdistill]
configs:
${configs.join('')}---

# ${name}

${summary}

| part | items |
|---|---|
${SPLITS.map((split) => `| ${split} | ${nBySplit[split] ?? 0} |`).join('\n')}
| all | ${nItems} |

| space | uses | distinct raw tags | an item |
|---|---|---|---|
${tagRows.join('\n')}

Arrow IPC files, written by tagdistill ${toolVersion}; the columns are described in its docs/formats.md.

${tableLines.join('\n')}
${sections.map((section) => `\n${section.trim()}\n`).join('')}`;
}

function perItem(nUses: number, nItems: number): string {
  return nItems === 0 ? '-' : (nUses / nItems).toFixed(1);
}
