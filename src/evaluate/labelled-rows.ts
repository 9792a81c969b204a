import { stat } from 'node:fs/promises';
import { TagdistillError } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import { readArrowRows } from '../dataset/arrow-reader.js';
import { tablePath } from '../dataset/files.js';
import { readLabelRows } from '../dataset/label-row.js';
import type { GivenVectors } from '../dataset/labelled-items.js';
import { loadLabelled } from '../dataset/load-labelled.js';
import type { RowProblems } from '../dataset/row-problems.js';
import type { Split } from '../dataset/rows.js';
import type { LabelledRow } from './evaluate-scorer.js';
import { readSecondAnswers } from './second-answers.js';

export interface LabelledRowsOptions {
  readonly problems: RowProblems;
  /** Which part of a data set folder; a labels file is read whole. */
  readonly split?: Split;
  /** Field of the items whose values are slices, e.g. `language`. */
  readonly sliceBy?: string;
  readonly signal?: AbortSignal;
}

/**
 * Read labelled items, from a labels file or from one part of a data set folder.
 *
 * @throws TagdistillError `E_NO_ROWS` if that part of the data set has no item, and what reading throws
 */
export async function* readLabelledRows(
  path: string,
  options: LabelledRowsOptions,
): AsyncGenerator<LabelledRow> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  yield* isFolder ? fromDataset(path, options) : fromFile(path, options);
}

async function* fromFile(
  path: string,
  { problems, sliceBy, signal }: LabelledRowsOptions,
): AsyncGenerator<LabelledRow> {
  for await (const { id, text, embedding, tags, fields } of readLabelRows(path, {
    problems,
    ...(signal && { signal }),
  })) {
    const names: Partial<Record<Space, string[]>> = {};
    const strengths: Partial<Record<Space, Map<string, number>>> = {};
    for (const space of SPACES) {
      const given = tags[space] ?? [];
      names[space] = given.map(({ tag }) => tag);
      strengths[space] = new Map(
        given.flatMap(({ tag, strength }) => (strength === null ? [] : [[tag, strength] as const])),
      );
    }
    const more = { ...(embedding && { embedding }), ...sliceOf(fields, sliceBy) };
    yield { id, text, tags: names, strengths, ...more };
  }
}

async function* fromDataset(
  dir: string,
  { split = 'test', sliceBy, signal }: LabelledRowsOptions,
): AsyncGenerator<LabelledRow> {
  const { ids, texts, labels, embeddings } = await loadLabelled(dir, {
    splits: [split],
    ...(signal && { signal }),
  });
  if (ids.length === 0) {
    throw new TagdistillError('E_NO_ROWS', `the data set has no ${split} items`, {
      file: dir,
      hint: 'Give another --split, or import with --test-share.',
    });
  }
  const slices = sliceBy === undefined ? undefined : await readSlices(dir, sliceBy);
  const seconds = await readSecondAnswers(dir);
  for (const [i, id] of ids.entries()) {
    const tags: Partial<Record<Space, string[]>> = {};
    const strengths: Partial<Record<Space, Map<string, number>>> = {};
    for (const space of SPACES) {
      const of = labels[space];
      if (of === undefined) continue;
      const { offsets, indices, values } = of.rows;
      const names: string[] = [];
      const ofItem = new Map<string, number>();
      for (let cell = offsets[i]!; cell < offsets[i + 1]!; cell++) {
        const tag = of.tags[indices[cell]!]!;
        names.push(tag);
        if (!Number.isNaN(values[cell]!)) ofItem.set(tag, values[cell]!);
      }
      tags[space] = names;
      strengths[space] = ofItem;
    }
    const slice = slices?.get(id);
    const second = seconds.get(id);
    const embedding = embeddings && vectorOf(embeddings, i);
    const more = {
      ...(embedding && { embedding }),
      ...(slice !== undefined && { slice }),
      ...(second && { second }),
    };
    yield { id, text: texts[i]!, tags, strengths, ...more };
  }
}

function vectorOf({ nDims, values, isGiven }: GivenVectors, item: number): Float32Array | undefined {
  return isGiven[item] === 1 ? values.subarray(item * nDims, (item + 1) * nDims) : undefined;
}

async function readSlices(dir: string, sliceBy: string): Promise<Map<string, string>> {
  const slices = new Map<string, string>();
  for await (const rows of readArrowRows(tablePath(dir, 'items'), 'items')) {
    for (const { item_id, fields } of rows) {
      const parsed = fields === null ? {} : (JSON.parse(fields) as Record<string, unknown>);
      const { slice } = sliceOf(parsed, sliceBy);
      if (slice !== undefined) slices.set(item_id, slice);
    }
  }
  return slices;
}

function sliceOf(fields: Readonly<Record<string, unknown>>, sliceBy: string | undefined): { slice?: string } {
  const value = sliceBy === undefined ? undefined : fields[sliceBy];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { slice: String(value) }
    : {};
}
