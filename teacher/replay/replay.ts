import { TagdistillError, messageOf } from '../../src/core/errors.js';
import { sha256, sha256File } from '../../src/core/hash.js';
import type { OnProgress } from '../../src/core/progress.js';
import type { ArrowFileWriter } from '../../src/dataset/arrow-writer.js';
import { VectorLength } from '../../src/dataset/embedding-cell.js';
import { EMBEDDING } from '../../src/dataset/embedding-column.js';
import { ItemsWriter } from '../../src/dataset/items-writer.js';
import { readRecords } from '../../src/dataset/read-records.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import type { Split } from '../../src/dataset/rows.js';
import { splitOf, type SplitShares } from '../../src/dataset/split.js';
import { writeDataset, type OpenTable } from '../../src/dataset/write-dataset.js';
import { AnswerBook } from '../answers/answer-book.js';
import { answeredCall, type AnsweredCall } from '../questions/call.js';
import { TagCounter } from '../answers/count-tags.js';
import { parseAnswer } from '../answers/parse-answer.js';
import { DEFAULT_SPLITS } from '../run/run-options.js';
import { readAnswers, type RecordedAnswer } from './replay-answers.js';
import { readItem, type ItemReading } from '../questions/read-item.js';
import { teachCard, type CardWords } from '../teach-card.js';
import type { TeachReport } from '../teach-report.js';

export interface ReplayOptions extends Pick<ItemReading, 'itemText' | 'groupOf'> {
  /** JSONL of recorded answers, or the `calls.arrow` of a data set; several are read in order. */
  readonly answers: string | readonly string[];
  /** The items that item2tag answers are about: JSONL, CSV, Parquet or Arrow. */
  readonly items?: string;
  /** Folder of the data set to make. */
  readonly out: string;
  readonly overwrite?: boolean;
  /** Stop at the first line that cannot be used, instead of counting it. */
  readonly strict?: boolean;
  /** For items that state no split of their own. */
  readonly splits?: SplitShares;
  /** The model that gave the answers, where its exact id is known. */
  readonly model?: string;
  /** Which samples make `item_tags`; the others go into `calls` alone. By default all do. */
  readonly itemTagSamples?: readonly number[];
  /** What the card says beside the counts. */
  readonly card?: CardWords;
  /** Further pairs for the schema metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

// The request is not recorded, so its answers must never pass for answers to one of our prompts.
const UNRECORDED_PROMPT = { id: 'unrecorded', hash: '' };
const PROGRESS_EVERY = 100;

/**
 * Make a data set from recorded answers, through the same parsing and collecting that live answers take.
 *
 * The same input gives the same bytes. Memory holds the items' ids and the parsed tags of all answers, not their
 * texts. Items without an answer stay in without tags; an answer that cannot be read is stored as it came.
 *
 * @throws TagdistillError what reading the files throws; `E_BAD_OPTION` for item2tag answers without `items`;
 *   `E_NO_ROWS` if no answer is usable; `E_BAD_ROW` in strict mode; `E_FILE_EXISTS`, `E_FILE_WRITE`, `E_ABORTED`
 */
export async function replayAnswers(options: ReplayOptions): Promise<TeachReport> {
  const { out, items, overwrite = false, splits = DEFAULT_SPLITS } = options;
  const files = typeof options.answers === 'string' ? [options.answers] : options.answers;
  const answersHash = (await Promise.all(files.map(hashOf))).join(' ');
  const itemsHash = items === undefined ? null : await hashOf(items);
  const runId = `replay-${sha256(JSON.stringify([answersHash, itemsHash, options.model ?? null])).slice(0, 16)}`;
  return writeDataset({
    out,
    overwrite,
    metadata: {
      answers_sha256: answersHash,
      ...(itemsHash === null ? {} : { items_sha256: itemsHash }),
      split_rule: `seed ${splits.seed}, ${splits.validationShare} validation, ${splits.testShare} test, by group`,
      ...options.metadata,
    },
    write: async (open) => {
      const report = await new Replay({ ...options, splits }, files, runId, open).run();
      const summary = `${report.nItems} items with a teacher's tags, from ${report.nAnswers} recorded answers.`;
      return { card: teachCard(report, { summary, ...options.card }), result: report };
    },
  });
}

async function hashOf(file: string): Promise<string> {
  try {
    return await sha256File(file);
  } catch (cause) {
    const hint = 'Check the path.';
    throw new TagdistillError('E_FILE_MISSING', `cannot open: ${messageOf(cause)}`, { file, hint, cause });
  }
}

class Replay {
  private readonly problems: RowProblems;
  private readonly book = new AnswerBook();
  private readonly counter = new TagCounter();
  /** Digest of each item's text, by id in the items' order. */
  private readonly items = new Map<string, string>();
  private readonly nBySplit: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  private readonly signal: { readonly signal?: AbortSignal };
  private nDims: number | undefined;
  private nAnswers = 0;
  private nUnparseable = 0;

  constructor(
    private readonly options: ReplayOptions & { readonly splits: SplitShares },
    private readonly files: readonly string[],
    private readonly runId: string,
    private readonly open: OpenTable,
  ) {
    this.problems = new RowProblems(options.strict ?? false);
    this.signal = options.signal === undefined ? {} : { signal: options.signal };
  }

  async run(): Promise<TeachReport> {
    await this.writeItems();
    await this.writeCalls();
    if (this.nAnswers === this.nUnparseable) this.refuseAll();
    await this.writeItemTags();
    const edges = await this.open('tag_edges');
    await edges.appendAll(this.book.edges());
    return {
      dir: this.options.out,
      nItems: this.items.size,
      nBySplit: this.nBySplit,
      ...(this.nDims !== undefined && { nDims: this.nDims }),
      nAnswers: this.nAnswers,
      nUnparseable: this.nUnparseable,
      nProblems: this.problems.count,
      problems: this.problems.first,
      nNotes: this.book.nNotes,
      notes: this.book.notes,
      tags: this.counter.counts(),
      nEdges: edges.nRows,
    };
  }

  private async writeItems(): Promise<void> {
    const table = new ItemsWriter(this.open);
    const { items: file, splits, itemText, groupOf } = this.options;
    if (file === undefined) return table.finish();
    const length = new VectorLength();
    const unknownIds = await this.unknownItems();
    const reading: ItemReading = {
      ...(itemText === undefined ? {} : { itemText }),
      ...(groupOf === undefined ? {} : { groupOf }),
      splitOf: (group, id) => splitOf(group ?? id, splits),
    };
    for await (const { place, value } of readRecords(file, { problems: this.problems, ...this.signal })) {
      this.tick('items', this.items.size);
      const item = readItem(value, reading, { unknownIds });
      if ('message' in item) {
        this.problems.add(item.message, item.hint, place);
        continue;
      }
      if (this.items.has(item.item_id)) {
        this.problems.add(`id "${item.item_id}" stands twice`, 'Keep one of them; the first counts.', place);
        continue;
      }
      const misfit = item.embedding && length.check(EMBEDDING, item.embedding, place);
      if (misfit !== undefined) this.problems.add(misfit, 'Embed every item with one model.', place);
      else {
        this.items.set(item.item_id, sha256(item.text));
        this.nBySplit[item.split]++;
        await table.append(item);
      }
    }
    await table.finish();
    this.nDims = table.nDims;
  }

  /** Ids of the items that the teacher says it does not know; read first, as items are written before answers. */
  private async unknownItems(): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const { isKnown, sourceId, sample } of this.answers(new RowProblems(false, 0))) {
      if (!isKnown && sample === 0) ids.add(sourceId);
    }
    return ids;
  }

  private async *answers(problems: RowProblems): AsyncGenerator<RecordedAnswer> {
    for (const file of this.files) yield* readAnswers(file, { problems, ...this.signal });
  }

  private async writeCalls(): Promise<void> {
    const table = await this.open('calls');
    const seen = new Set<string>();
    for await (const answer of this.answers(this.problems)) {
      this.tick('answers', this.nAnswers);
      const { task, sourceId, sample, place } = answer;
      const question = JSON.stringify([task, sourceId, sample, answer.stored?.attempt ?? 0]);
      if (task === 'item2tag' && !this.items.has(sourceId)) this.refuseUnknown(answer);
      else if (seen.has(question)) {
        const what = `${task} "${sourceId}", sample ${sample}`;
        this.problems.add(`${what} is answered twice`, 'Give a second answer another sample number.', place);
      } else {
        seen.add(question);
        await this.store(answer, table);
      }
    }
  }

  private async store(answer: RecordedAnswer, table: ArrowFileWriter<'calls'>): Promise<void> {
    const answered = this.answered(answer);
    await table.append(answered.call);
    this.nAnswers++;
    this.book.add(answered);
    if (answered.parsed.state === 'ok') return;
    this.nUnparseable++;
    this.problems.add(
      `the answer cannot be read: ${answered.parsed.reason}`,
      'Its text is kept in calls.arrow; ask again, or mend the line.',
      answer.place,
    );
  }

  private answered({ task, sourceId, sample, raw, stored }: RecordedAnswer): AnsweredCall {
    if (stored !== null) {
      const parsed = parseAnswer(task, raw, { isCut: stored.finish_reason === 'length' });
      const error = parsed.state === 'ok' ? null : parsed.reason;
      return { call: { ...stored, status: parsed.state, error }, parsed };
    }
    // The digest stands for the item's text, which is not held.
    const content = task === 'item2tag' ? this.items.get(sourceId)! : sourceId;
    const model = this.options.model ?? null;
    return answeredCall(
      {
        task,
        sourceId,
        sample,
        prompt: UNRECORDED_PROMPT,
        model,
        params: null,
        messages: [{ role: 'user', content }],
      },
      { rawText: raw, mode: 'replay', runId: this.runId },
    );
  }

  private async writeItemTags(): Promise<void> {
    const table = await this.open('item_tags');
    for (const id of this.items.keys()) {
      for (const row of this.book.itemTags(id, this.options.itemTagSamples)) {
        this.counter.add(row);
        await table.append(row);
      }
    }
  }

  private refuseUnknown({ sourceId, place }: RecordedAnswer): void {
    const { items } = this.options;
    if (items === undefined) {
      throw new TagdistillError(
        'E_BAD_OPTION',
        `an answer is about item "${sourceId}", but no items are given`,
        {
          ...place,
          hint: 'Give --items, the file with the ids and texts that were tagged.',
        },
      );
    }
    this.problems.add(
      `item "${sourceId}" is not in ${items}`,
      'Add the item, or leave its answers out.',
      place,
    );
  }

  private refuseAll(): never {
    const [first] = this.problems.first;
    throw new TagdistillError(
      'E_NO_ROWS',
      `none of the answers in ${this.files.join(', ')} is usable; ${this.problems.count} problems`,
      {
        hint: first === undefined ? 'The files hold no answers.' : `The first problem is ${first.message}`,
        cause: first,
      },
    );
  }

  private tick(stage: string, done: number): void {
    if (this.options.signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', `replaying was stopped after ${done} ${stage}`);
    }
    if (done % PROGRESS_EVERY === 0) this.options.onProgress?.({ stage, done });
  }
}
