import { Field, Float32, Int32, Int64, List, Schema, Utf8, type DataType } from 'apache-arrow';
import { packageVersion } from '../core/package-info.js';
import { embeddingField } from './embedding-column.js';
import type {
  AliasRow,
  CallRow,
  CoverSetRow,
  DayTagsRow,
  EncodedTextRow,
  ItemRow,
  ItemTagRow,
  LogicEdgeRow,
  TagEdgeRow,
} from './rows.js';

/** The tables of a data set, and that of a cache of encoded texts, each with the type of its rows. */
export interface Tables {
  readonly items: ItemRow;
  readonly calls: CallRow;
  readonly item_tags: ItemTagRow;
  readonly tag_edges: TagEdgeRow;
  readonly cover_set: CoverSetRow;
  readonly logic_edges: LogicEdgeRow;
  readonly aliases: AliasRow;
  readonly day_tags: DayTagsRow;
  readonly encoded_texts: EncodedTextRow;
}

export type TableName = keyof Tables;

/** The version of these layouts, in every file's schema metadata. */
const DATASET_FORMAT_VERSION = 1;

const text = (name: string): Field => new Field(name, new Utf8(), false);
const maybeText = (name: string): Field => new Field(name, new Utf8(), true);
const int = (name: string): Field => new Field(name, new Int32(), false);
const maybeInt = (name: string): Field => new Field(name, new Int32(), true);
const maybeReal = (name: string): Field => new Field(name, new Float32(), true);
const texts = (name: string): Field => new Field(name, new List(new Field('item', new Utf8(), false)), false);

// Plain Utf8, not dictionaries: Polars cannot read delta dictionaries. Money is int64: 2^31 micro-dollars are $2,147.
const FIELDS: Readonly<Record<TableName, readonly Field[]>> = {
  items: [text('item_id'), text('text'), maybeText('group'), text('split'), maybeText('fields')],
  calls: [
    text('key'),
    text('task'),
    text('source_id'),
    int('sample'),
    int('attempt'),
    text('prompt_id'),
    text('prompt_hash'),
    maybeText('model_requested'),
    maybeText('model_returned'),
    maybeText('params'),
    text('mode'),
    text('status'),
    maybeText('finish_reason'),
    maybeText('error'),
    text('raw_text'),
    maybeText('endpoint'),
    maybeText('rung'),
    maybeText('logprobs'),
    maybeInt('tokens_in'),
    maybeInt('tokens_cached'),
    maybeInt('tokens_out'),
    new Field('cost_microusd', new Int64(), true),
    maybeText('cost_basis'),
    maybeText('started_at'),
    maybeText('finished_at'),
    text('run_id'),
  ],
  item_tags: [
    text('item_id'),
    text('space'),
    text('tag_raw'),
    text('tag'),
    int('rank'),
    maybeReal('score'),
    int('votes'),
    int('samples'),
    maybeReal('logprob'),
    texts('call_keys'),
  ],
  tag_edges: [
    text('direction'),
    text('source'),
    text('target_raw'),
    text('target'),
    int('rank'),
    maybeReal('score'),
    int('votes'),
    int('samples'),
    texts('call_keys'),
  ],
  cover_set: [
    text('space'),
    text('tag_id'),
    text('tag'),
    texts('aliases'),
    int('items_covered'),
    int('marginal_gain'),
    maybeText('added_at'),
    maybeText('last_seen'),
    text('status'),
  ],
  logic_edges: [
    text('direction'),
    text('source_id'),
    text('target_id'),
    text('source'),
    text('target'),
    new Field('weight', new Float32(), false),
    int('votes'),
    maybeReal('similarity'),
  ],
  aliases: [
    text('space'),
    text('raw'),
    text('normalised'),
    text('canonical'),
    int('uses'),
    text('reason'),
    maybeReal('similarity'),
  ],
  day_tags: [text('space'), texts('tags')],
  encoded_texts: [text('text_hash')],
};

/** The columns of a table, in order. */
export function fieldsOf(table: TableName): readonly Field<DataType>[] {
  return FIELDS[table] as readonly Field<DataType>[];
}

export interface SchemaOptions {
  /** Pairs for the metadata, each name with a prefix. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Length of the vectors in the column `embedding`, where the table has one. */
  readonly nDims?: number;
}

/** The schema of a table, with format and tool version and any given pairs as metadata. */
export function schemaOf(table: TableName, { metadata = {}, nDims }: SchemaOptions = {}): Schema {
  return new Schema(
    nDims === undefined ? [...FIELDS[table]] : [...FIELDS[table], embeddingField(nDims)],
    new Map([
      ['tagdistill.format_version', String(DATASET_FORMAT_VERSION)],
      ['tagdistill.tool_version', packageVersion()],
      ['tagdistill.table', table],
      ...Object.entries(metadata).map(([name, value]): [string, string] => [`tagdistill.${name}`, value]),
    ]),
  );
}
