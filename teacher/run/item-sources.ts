import { TagdistillError } from '../../src/core/errors.js';
import type { ItemRow } from '../../src/dataset/rows.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { splitOf } from '../../src/dataset/split.js';
import { itemQuestions, type ItemQuestions } from '../questions/item-questions.js';
import type { RunSource } from './source-asker.js';
import type { SettledOptions } from './run-options.js';
import { promptOf, type RunPrompts } from './run-prompts.js';

export interface ItemSource extends RunSource {
  readonly item: ItemRow;
}

/** How many items a file has, by what becomes of them. */
export interface ItemCounts {
  /** Those that will be asked about. */
  readonly nItems: number;
  readonly nBelowExposure: number;
  /** Items of which the teacher does not see the whole text. */
  readonly nCut: number;
  /** Items with images or a video. */
  readonly nWithImages: number;
}

/**
 * Count the items by reading their file once: what is wrong with it is told before anything is paid, and progress
 * knows its end. All are 0 where there is no file.
 *
 * @param problems gains the rows that are left out
 * @throws TagdistillError `E_NO_ROWS` where no item of the file can be asked about
 */
export async function countItems(
  options: SettledOptions,
  prompts: RunPrompts,
  problems: RowProblems,
): Promise<ItemCounts> {
  let [nItems, nBelowExposure, nCut, nWithImages] = [0, 0, 0, 0];
  const onLeftOut = (): number => nBelowExposure++;
  for await (const { nCut: n, nImages } of questionsOf(options, prompts, { problems, onLeftOut })) {
    nItems++;
    if (n > 0) nCut++;
    if (nImages > 0) nWithImages++;
    options.onProgress?.({ stage: 'read', done: nItems });
  }
  if (nItems === 0 && options.items !== undefined && options.tasks.includes('item2tag')) {
    throw noItems(options.items, { nBelowExposure, problems });
  }
  return { nItems, nBelowExposure, nCut, nWithImages };
}

/** The items in the order of their file, each with its questions, which are made when they are asked for. */
export async function* itemSources(options: SettledOptions, prompts: RunPrompts): AsyncGenerator<ItemSource> {
  let index = 0;
  for await (const { item, question } of questionsOf(options, prompts))
    yield { index: index++, item, question };
}

/** The same items again, without their questions. */
export async function* readItems(options: SettledOptions, prompts: RunPrompts): AsyncGenerator<ItemRow> {
  for await (const { item } of questionsOf(options, prompts)) yield item;
}

async function* questionsOf(
  options: SettledOptions,
  prompts: RunPrompts,
  { problems = new RowProblems(false, 0), onLeftOut }: ReadingHooks = {},
): AsyncGenerator<ItemQuestions> {
  const { items, splits, kind, fields, minExposure, exposureField, signal } = options;
  const { imageField, videoField, nFrames, maxFrameSide, maxImageBytes, maxTextLength } = options;
  const { images: imagePrompt } = prompts;
  if (items === undefined || !options.tasks.includes('item2tag')) return;
  yield* itemQuestions(items, {
    prompt: promptOf(prompts, 'item2tag'),
    problems,
    splitOf: (group, id) => splitOf(group ?? id, splits),
    ...(kind !== undefined && { kind }),
    ...(fields !== undefined && { fields }),
    ...(minExposure !== undefined && { minExposure }),
    ...(exposureField !== undefined && { exposureField }),
    ...(imagePrompt !== undefined && { imagePrompt }),
    ...(imageField !== undefined && { imageField }),
    ...(videoField !== undefined && { videoField }),
    ...(nFrames !== undefined && { nFrames }),
    ...(maxFrameSide !== undefined && { maxFrameSide }),
    ...(maxImageBytes !== undefined && { maxImageBytes }),
    ...(maxTextLength !== undefined && { maxTextLength }),
    ...(onLeftOut !== undefined && { onLeftOut }),
    ...(signal !== undefined && { signal }),
  });
}

function noItems(
  file: string,
  { nBelowExposure, problems }: { readonly nBelowExposure: number; readonly problems: RowProblems },
): TagdistillError {
  const [first] = problems.first;
  const message = `no item can be asked about: ${problems.count} unusable, ${nBelowExposure} below the least exposure`;
  const hint =
    first === undefined
      ? 'Give a lower --min-exposure, or a file with items.'
      : `The first: ${first.message}. ${first.hint ?? ''}`;
  return new TagdistillError('E_NO_ROWS', message, { file, hint: hint.trim() });
}

interface ReadingHooks {
  readonly problems?: RowProblems;
  readonly onLeftOut?: () => void;
}
