import { dirname } from 'node:path';
import { VectorLength } from '../../src/dataset/embedding-cell.js';
import { EMBEDDING } from '../../src/dataset/embedding-column.js';
import { readRecords } from '../../src/dataset/read-records.js';
import type { RowPlace, RowProblems } from '../../src/dataset/row-problems.js';
import type { ItemRow } from '../../src/dataset/rows.js';
import { SeenIds } from '../../src/dataset/seen-ids.js';
import { checkPromptFor } from './check-prompt.js';
import { EXPOSURE_FIELDS, readExposure } from './exposure.js';
import { ItemMedia, type FoundMedia, type MediaOptions } from './item-media.js';
import { renderPrompt, type Message, type Prompt } from './prompts.js';
import type { ChatMessage, ContentPart, Question } from './question.js';
import { joinedText, readItem, type ItemReading, type ItemRecord } from './read-item.js';
import { cutText, hasField, showFields, type ShownText } from './shown-text.js';

export interface ItemQuestionsOptions extends ItemReading, MediaOptions {
  readonly prompt: Prompt;
  /** Asks about items with images or a video; by default `prompt`. */
  readonly imagePrompt?: Prompt;
  /** Counts rows that are left out because they are unusable, or throws in strict mode. */
  readonly problems: RowProblems;
  /** What an item is called in the prompt, e.g. `book`. */
  readonly kind?: string;
  /** Fields to show the teacher, each with its name, e.g. `title`, `asr`, `ocr`; by default the item's text. */
  readonly fields?: readonly string[];
  /** UTF-16 units of an item's text shown at most; what is longer is cut, and ends in ` [...]`. */
  readonly maxTextLength?: number;
  /** Leave out items with fewer interactions. */
  readonly minExposure?: number;
  /** Holds the number of interactions; by default `exposure`, else `interactions`. */
  readonly exposureField?: string;
  /** Told of each item below `minExposure`. */
  readonly onLeftOut?: (place: RowPlace, exposure: number) => void;
  readonly signal?: AbortSignal;
}

/** An item and how to ask about it. */
export interface ItemQuestions {
  readonly place: RowPlace;
  readonly item: ItemRow;
  /** Number of interactions; null where the row does not say. */
  readonly exposure: number | null;
  /** UTF-16 units of the item's text that the teacher does not see. */
  readonly nCut: number;
  /** Images to look at; a video counts as one. */
  readonly nImages: number;
  /**
   * Make the question for a sample; images are read and video frames taken at the first one, and held from then on.
   *
   * @throws TagdistillError `E_BAD_ROW` where an image or video cannot be read any more; `E_ABORTED`
   */
  readonly question: (sample: number) => Promise<Question>;
}

const DEFAULT_MAX_TEXT_LENGTH = 20_000;

/**
 * Read items one by one, each with its questions: JSONL, CSV, Parquet, Arrow, or the items of another data set.
 *
 * Memory holds the ids, and images only where questions are made. A row that cannot be used is counted in `problems`
 * and passed over: no usable id, an id again, no text and no image, a vector of another length, images or a video
 * that cannot be read, no interactions where `minExposure` asks for them. A field that no item has is a problem, too.
 *
 * @throws TagdistillError what reading the file throws; `E_BAD_OPTION` for a prompt of another task;
 *   `E_PACKAGE_MISSING` at the first video where there is no ffmpeg; `E_BAD_ROW` in strict mode; `E_ABORTED`
 */
export async function* itemQuestions(
  file: string,
  options: ItemQuestionsOptions,
): AsyncGenerator<ItemQuestions> {
  checkPromptFor('item2tag', options.prompt);
  if (options.imagePrompt !== undefined) checkPromptFor('item2tag', options.imagePrompt);
  const { problems, signal } = options;
  const reader = new ItemReader(file, options);
  for await (const { place, value } of readRecords(file, { problems, ...(signal && { signal }) })) {
    const read = await reader.read(value, place);
    if (read === 'left out') continue;
    if ('message' in read) problems.add(read.message, read.hint, place);
    else yield read;
  }
  reader.end();
}

interface Problem {
  readonly message: string;
  readonly hint: string;
}

class ItemReader {
  private readonly ids = new SeenIds();
  private readonly vectors = new VectorLength();
  private readonly media: ItemMedia;
  /** Fields that were named and that no item had so far, each with the option that names it. */
  private readonly unseenFields: Map<string, string>;
  private readonly exposureFields: readonly string[];

  constructor(
    private readonly file: string,
    private readonly options: ItemQuestionsOptions,
  ) {
    this.media = new ItemMedia(file === '-' ? process.cwd() : dirname(file), options);
    const { fields = [], imageField, videoField } = options;
    this.unseenFields = new Map(fields.map((name) => [name, '--fields']));
    if (imageField !== undefined) this.unseenFields.set(imageField, '--image-field');
    if (videoField !== undefined) this.unseenFields.set(videoField, '--video-field');
    this.exposureFields = options.exposureField === undefined ? EXPOSURE_FIELDS : [options.exposureField];
  }

  async read(record: ItemRecord, place: RowPlace): Promise<ItemQuestions | Problem | 'left out'> {
    const { minExposure, onLeftOut } = this.options;
    const exposure = readExposure(record, this.exposureFields, { isNeeded: minExposure !== undefined });
    if (typeof exposure === 'object' && exposure !== null) return exposure;
    if (minExposure !== undefined && exposure !== null && exposure < minExposure) {
      onLeftOut?.(place, exposure);
      return 'left out';
    }
    for (const name of this.unseenFields.keys()) if (hasField(record, name)) this.unseenFields.delete(name);
    const media = await this.media.find(record);
    if ('message' in media) return media;
    const shown = this.show(record);
    const { itemText = joinedText, ...reading } = this.options;
    // Where the student would have nothing to read, it reads what the teacher does.
    const textOf = (from: ItemRecord): string =>
      itemText(from).trim() === '' ? (shown?.text ?? '') : itemText(from);
    const item = readItem(
      this.media.withoutData(record),
      { ...reading, itemText: textOf },
      { needsText: media.nImages === 0 },
    );
    if ('message' in item) return item;
    const repeated = this.ids.add(item.item_id, place);
    if (repeated !== undefined) return { message: repeated, hint: 'Keep one of them; the first counts.' };
    const misfit = item.embedding && this.vectors.check(EMBEDDING, item.embedding, place);
    if (misfit !== undefined) return { message: misfit, hint: 'Embed every item with one model.' };
    const asked = shown ?? this.shownByDefault(item);
    if (asked.text.trim() === '' && media.nImages === 0) return this.nothingToShow(item);
    return {
      place,
      item,
      exposure,
      nCut: asked.nCut,
      nImages: media.nImages,
      question: this.asking(item, asked.text, { media, place }),
    };
  }

  private show(record: ItemRecord): ShownText | null {
    const { fields, maxTextLength = DEFAULT_MAX_TEXT_LENGTH } = this.options;
    if (fields === undefined) return null;
    return showFields(record, fields, { maxLength: maxTextLength });
  }

  private shownByDefault(item: ItemRow): ShownText {
    const { fields, maxTextLength = DEFAULT_MAX_TEXT_LENGTH } = this.options;
    return fields === undefined ? cutText(item.text, maxTextLength) : { text: '', nCut: 0 };
  }

  private nothingToShow({ item_id: id }: ItemRow): Problem {
    const { fields } = this.options;
    return fields === undefined
      ? { message: `item "${id}" has no text for the teacher to read`, hint: 'Give it a text or an image.' }
      : { message: `item "${id}" has none of the fields ${fields.join(', ')}`, hint: 'Give it one of them.' };
  }

  private asking(
    item: ItemRow,
    text: string,
    { media, place }: { readonly media: FoundMedia; readonly place: RowPlace },
  ): ItemQuestions['question'] {
    const { prompt: textPrompt, imagePrompt = textPrompt, kind = 'item' } = this.options;
    const prompt = media.nImages > 0 ? imagePrompt : textPrompt;
    const write = async (): Promise<readonly ChatMessage[]> => {
      const messages = renderPrompt(prompt, { kind, text });
      return media.nImages === 0 ? messages : withImages(messages, await this.media.load(media, place));
    };
    let messages: Promise<readonly ChatMessage[]> | undefined;
    return async (sample) => ({
      task: 'item2tag',
      sourceId: item.item_id,
      sample,
      prompt: { id: prompt.id, hash: prompt.hash },
      messages: await (messages ??= write()),
    });
  }

  /** Tell of the fields that were asked for and that no item had, most likely misspelt. */
  end(): void {
    for (const [name, option] of this.unseenFields) {
      this.options.problems.add(`no item has a field "${name}"`, `Check its spelling in ${option}.`, {
        file: this.file,
      });
    }
    this.unseenFields.clear();
  }
}

/** Put images after the text of the last message, which is the user's. */
function withImages(messages: readonly Message[], urls: readonly string[]): ChatMessage[] {
  return messages.map(({ role, content }, i) => {
    if (i < messages.length - 1) return { role, content };
    const images = urls.map((url): ContentPart => ({ type: 'image_url', image_url: { url } }));
    return { role, content: [{ type: 'text', text: content }, ...images] };
  });
}
