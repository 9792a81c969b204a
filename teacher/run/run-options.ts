import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { TagdistillError } from '../../src/core/errors.js';
import type { OnProgress } from '../../src/core/progress.js';
import type { Task } from '../../src/dataset/rows.js';
import type { SplitShares } from '../../src/dataset/split.js';
import type { ChatParams } from '../questions/question.js';

/** A model behind an OpenAI-compatible server. */
export interface TeacherModel {
  /** Ends in `/v1` for most servers. */
  readonly baseUrl: string;
  readonly model: string;
  /** Servers on the own machine need none. It is sent to `baseUrl` alone, and kept nowhere. */
  readonly apiKey?: string;
  /** Request parameters as they are sent, e.g. `{ temperature: 0, max_tokens: 1024 }`; by default none. */
  readonly params?: ChatParams;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

export interface RunTeacherOptions {
  readonly teacher: TeacherModel;
  /** The items to tag: JSONL, CSV, Parquet or Arrow. It is read twice or more, so no stream. */
  readonly items?: string;
  /** Folder of the data set to make. */
  readonly out: string;
  /** Folder of the journal, by default `<out>.journal`. */
  readonly journal?: string;
  readonly overwrite?: boolean;
  /** Stop at the first item that cannot be used, instead of counting it. */
  readonly strict?: boolean;
  readonly tasks?: readonly Task[];
  /** Prompt by task: the id of a shipped one, or a file. */
  readonly prompts?: Readonly<Partial<Record<Task, string>>>;
  /** What an item is called in the prompts, e.g. `book`. */
  readonly kind?: string;
  /** Item fields shown to the teacher; by default what the student reads. */
  readonly fields?: readonly string[];
  /** UTF-16 units of an item's text shown to the teacher at most, by default 20,000. */
  readonly maxTextLength?: number;
  /** Item field with paths or URLs of images, by default `images`. */
  readonly imageField?: string;
  /** Item field with the path of a video, by default `video`; it needs ffmpeg. */
  readonly videoField?: string;
  /** Frames taken of a video, by default 8. */
  readonly nFrames?: number;
  /** Longest side of a frame, in pixels. */
  readonly maxFrameSide?: number;
  /** Largest image; items with a larger one are left out. By default 20 million. */
  readonly maxImageBytes?: number;
  readonly minExposure?: number;
  readonly exposureField?: string;
  /** Source tags of I2U and U2I: a file or a data set; by default the tags that this run gives to items. */
  readonly tags?: string;
  /** Ask about source tags of so many items or more. */
  readonly minUses?: number;
  /** Ask about so many source tags a space at most, the most used first. */
  readonly maxTags?: number;
  /** Answers to each question. */
  readonly samples?: number;
  readonly logprobs?: boolean;
  /** Asked about the sources on which the samples of `teacher` disagree, or that it cannot answer. */
  readonly strong?: TeacherModel;
  readonly strongSamples?: number;
  /** Mean pairwise Jaccard similarity of the samples below which `strong` is asked. */
  readonly agreement?: number;
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  /** File of prices. */
  readonly prices?: string;
  /** Stop in order before this is passed, in millionths of a US dollar; what earlier runs spent does not count. */
  readonly budgetMicrousd?: number;
  /** Stop in order once this share of the last items has a tag of the cover set of those before, in both spaces. */
  readonly stopWhenRecall?: number;
  /** Number of last items that recall goes over. */
  readonly recallWindow?: number;
  /** Ask nothing: make the data set of what the journal has. */
  readonly offline?: boolean;
  /** For items that state no split of their own. */
  readonly splits?: SplitShares;
  readonly onProgress?: OnProgress;
  /** Told what a person should know though the run goes on. */
  readonly onNotice?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970; waits are measured by it, too, where it is given. */
  readonly now?: () => number;
  /** Jitter of waits, in [0, 1). */
  readonly random?: () => number;
  /** Waits before a request is made again, and for room in the limits. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const DEFAULT_SPLITS: SplitShares = { validationShare: 0.1, testShare: 0.15, seed: 1 };

/** Options with their defaults. */
export type SettledOptions = RunTeacherOptions &
  Required<
    Pick<
      RunTeacherOptions,
      | 'journal'
      | 'tasks'
      | 'samples'
      | 'strongSamples'
      | 'agreement'
      | 'concurrency'
      | 'splits'
      | 'minUses'
      | 'recallWindow'
      | 'now'
      | 'random'
      | 'sleep'
    >
  > & {
    /** Milliseconds since any moment, never going back. */
    readonly elapsed: () => number;
  };

/**
 * Fill in the defaults. Two samples where there is a strong model, as one alone cannot disagree.
 *
 * @throws TagdistillError `E_BAD_OPTION` for what no run can do
 */
export function settleOptions(options: RunTeacherOptions): SettledOptions {
  const settled: SettledOptions = {
    ...options,
    teacher: checkedModel(options.teacher),
    ...(options.strong !== undefined && { strong: checkedModel(options.strong) }),
    journal: options.journal ?? `${options.out.replace(/[/\\]+$/u, '')}.journal`,
    tasks: options.tasks ?? ['item2tag'],
    samples: options.samples ?? (options.strong === undefined ? 1 : 2),
    strongSamples: options.strongSamples ?? 1,
    agreement: options.agreement ?? 0.3,
    concurrency: options.concurrency ?? 16,
    splits: options.splits ?? DEFAULT_SPLITS,
    minUses: options.minUses ?? 1,
    recallWindow: options.recallWindow ?? 1000,
    now: options.now ?? Date.now,
    elapsed: options.now ?? (() => performance.now()),
    random: options.random ?? Math.random,
    sleep: options.sleep ?? (async (ms, signal) => delay(ms, undefined, { signal })),
  };
  checkSources(settled);
  for (const name of WHOLE) {
    const value = settled[name];
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue;
    refuse(`${name} is ${value}`, 'Give a whole number from 1 up.');
  }
  return settled;
}

const WHOLE = [
  ...([
    'samples',
    'strongSamples',
    'concurrency',
    'minUses',
    'maxTags',
    'recallWindow',
    'timeoutMs',
  ] as const),
  ...(['maxTextLength', 'nFrames', 'maxFrameSide', 'maxImageBytes'] as const),
];

function checkSources({ items, tasks, tags }: SettledOptions): void {
  if (tasks.length === 0) refuse('no task is given', 'Give item2tag, i2u or u2i.');
  const hasItemTask = tasks.includes('item2tag');
  if (hasItemTask && items === undefined) {
    refuse('the task item2tag is about items, and none are given', 'Give --items, the file of items to tag.');
  }
  if (items === '-') {
    refuse('items are read twice, which a stream does not allow', 'Save them to a file and give that.');
  }
  if (!hasItemTask && tags === undefined) {
    refuse(
      `${tasks.join(' and ')} ask about tags, and none are given`,
      'Give --tags, a file of tags or a data set, or the task item2tag as well.',
    );
  }
}

function checkedModel(model: TeacherModel): TeacherModel {
  const baseUrl = model.baseUrl.replace(/\/+$/u, '');
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    refuse(`"${baseUrl}" is no address of a server`, 'Give a base URL such as http://localhost:8000/v1.');
  }
  if (url.username !== '' || url.password !== '') {
    refuse(
      'the base URL holds a user name or password',
      'Give the key by an environment variable: a base URL is written into the data set.',
    );
  }
  if (model.model.trim() === '') refuse('the name of the model is empty', 'Give --model.');
  return { ...model, baseUrl };
}

function refuse(message: string, hint: string): never {
  throw new TagdistillError('E_BAD_OPTION', message, { hint });
}
