import { InvalidArgumentError, Option, type Command } from 'commander';
import { TagdistillError } from '../core/errors.js';
import type { Task } from '../dataset/rows.js';
import type { RunTeacherOptions, TeacherModel } from '../../teacher/index.js';
import type { CommonOptions } from './output.js';
import { positiveInteger, share, wholeNumber } from './parse-options.js';

const TASKS: readonly Task[] = ['item2tag', 'i2u', 'u2i'];
const OPENAI = 'https://api.openai.com/v1';

/** The options of `teach`, as the command line gives them. */
export interface TeachOptions extends CommonOptions {
  readonly out: string;
  readonly replay?: string[];
  readonly items?: string;
  readonly kind?: string;
  readonly fields?: string[];
  readonly maxTextLength?: number;
  readonly imageField?: string;
  readonly videoField?: string;
  readonly frames?: number;
  readonly maxFrameSide?: number;
  readonly maxImageBytes?: number;
  readonly minExposure?: number;
  readonly exposureField?: string;
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly strict?: true;
  readonly overwrite?: true;
  readonly model?: string;
  readonly baseUrl: string;
  readonly apiKeyEnv: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly params?: Record<string, unknown>;
  readonly samples?: number;
  readonly logprobs?: true;
  readonly tasks: Task[];
  readonly prompt?: string;
  readonly promptI2u?: string;
  readonly promptU2i?: string;
  readonly tags?: string;
  readonly minUses?: number;
  readonly maxTags?: number;
  readonly strongModel?: string;
  readonly strongBaseUrl?: string;
  readonly strongApiKeyEnv?: string;
  readonly strongSamples?: number;
  readonly agreement?: number;
  readonly concurrency: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly timeout?: number;
  readonly plan?: true;
  readonly prices?: string;
  readonly budget?: number;
  readonly stopWhenRecall?: number;
  readonly recallWindow?: number;
  readonly journal?: string;
  readonly offline?: true;
}

/** Add the options of `teach` to its command, in groups. */
export function addTeachOptions(command: Command): Command {
  return command
    .requiredOption('--out <folder>', 'data set folder to make')
    .option('--overwrite', 'replace a data set that stands at --out')
    .option('--strict', 'stop at the first row or answer that cannot be used')
    .optionsGroup('Items:')
    .option('--items <file>', 'the items to tag: JSONL, CSV, Parquet or Arrow')
    .option('--kind <word>', 'what an item is called in the prompts, e.g. book')
    .option('--fields <names...>', 'item fields to show the teacher (default: what the student reads)')
    .option('--max-text-length <n>', 'cut longer texts, in UTF-16 units (default: 20000)', positiveInteger)
    .option('--min-exposure <n>', 'leave out items with fewer interactions', wholeNumber)
    .option('--exposure-field <name>', 'item field that counts interactions')
    .option('--validation-share <share>', 'for items that state no split', share, 0.1)
    .option('--test-share <share>', 'for items that state no split', share, 0.15)
    .option('--seed <n>', 'seed of the split', wholeNumber, 1)
    .optionsGroup('Images and video:')
    .option('--image-field <name>', 'item field with paths or URLs of images (default: "images")')
    .option('--video-field <name>', 'item field with the path of a video; needs ffmpeg (default: "video")')
    .option('--frames <n>', 'frames taken of a video, evenly (default: 8)', positiveInteger)
    .option('--max-frame-side <pixels>', 'longest side of a frame', positiveInteger)
    .option(
      '--max-image-bytes <n>',
      'leave out items with a larger image (default: 20000000)',
      positiveInteger,
    )
    .optionsGroup('Teacher:')
    .option('--model <name>', 'the model to ask')
    .option('--base-url <url>', 'any server with the OpenAI interface (vLLM, llama.cpp, Ollama, ...)', OPENAI)
    .option('--api-key-env <name>', 'environment variable that holds the key', 'OPENAI_API_KEY')
    .option('--temperature <t>', "sampling temperature (default: the server's own)", nonNegative)
    .option('--max-tokens <n>', "longest answer (default: the server's own)", positiveInteger)
    .option('--params <json>', 'further request parameters, a JSON object', jsonObject)
    .option(
      '--samples <n>',
      'answers to each question; tags get votes (default: 1, or 2 in a cascade)',
      positiveInteger,
    )
    .option('--logprobs', 'ask for log-probabilities, where the server gives them')
    .optionsGroup('Questions:')
    .addOption(
      new Option('--tasks <list>', `which of ${TASKS.join(', ')} to ask, with commas between`)
        .argParser(taskList)
        .default(['item2tag'], 'item2tag'),
    )
    .option(
      '--prompt <id or file>',
      'prompt of item2tag (default: item2tag.v1, and item2tag-images.v1 for items with images or a video)',
    )
    .option('--prompt-i2u <id or file>', 'prompt of i2u')
    .option('--prompt-u2i <id or file>', 'prompt of u2i')
    .option(
      '--tags <file>',
      'source tags of i2u and u2i: a file or a data set (default: the tags of this run)',
    )
    .option('--min-uses <n>', 'ask about tags of so many items or more', positiveInteger)
    .option('--max-tags <n>', 'ask about so many tags a space, the most used first', positiveInteger)
    .optionsGroup('Cascade:')
    .option(
      '--strong-model <name>',
      'asked where the samples of --model disagree, or it has no usable answer',
    )
    .option('--strong-base-url <url>', 'its server (default: --base-url)')
    .option('--strong-api-key-env <name>', 'variable of its key (default: --api-key-env)')
    .option('--strong-samples <n>', 'answers of the strong model (default: 1)', positiveInteger)
    .option('--agreement <share>', 'mean Jaccard similarity of samples that is enough (default: 0.3)', share)
    .optionsGroup('Limits:')
    .option('--concurrency <n>', 'requests in flight', positiveInteger, 16)
    .option('--rpm <n>', 'requests a minute', positiveInteger)
    .option('--tpm <n>', 'tokens a minute', positiveInteger)
    .option('--timeout <seconds>', 'longest wait for an answer (default: 600)', positiveInteger)
    .option(
      '--stop-when-recall <share>',
      'stop once this share of the last items has a tag of the cover set',
      share,
    )
    .option('--recall-window <n>', 'how many last items that is (default: 1000)', positiveInteger)
    .optionsGroup('Money:')
    .option('--plan', 'ask nothing: tell calls, tokens and cost')
    .option('--prices <file>', 'prices of models, YAML or JSON')
    .option('--budget <dollars>', 'stop before this run costs more', nonNegative)
    .optionsGroup('Answers:')
    .option('--journal <folder>', 'where answers are kept (default: --out with .journal behind)')
    .option('--offline', 'ask nothing: make the data set of the answers that are there')
    .addOption(
      new Option(
        '--replay <answers...>',
        'make the data set of recorded answers: JSONL files, or a calls.arrow',
      ),
    )
    .optionsGroup('Output:');
}

/** Bring the command line's options into those of a run; keys come from the environment alone. */
export function runOptions(options: TeachOptions, env: NodeJS.ProcessEnv): RunTeacherOptions {
  const { model, strongModel } = options;
  if (model === undefined) {
    throw new TagdistillError('E_BAD_OPTION', 'no teacher is given', {
      hint: 'Give --model and --base-url to ask a live LLM, or --replay for recorded answers.',
    });
  }
  const teacher = modelOf({ ...options, model }, env);
  const strongUrl = options.strongBaseUrl ?? options.baseUrl;
  const strongKey = options.strongApiKeyEnv ?? options.apiKeyEnv;
  return {
    teacher,
    out: options.out,
    tasks: options.tasks,
    concurrency: options.concurrency,
    splits: { validationShare: options.validationShare, testShare: options.testShare, seed: options.seed },
    prompts: given({ item2tag: options.prompt, i2u: options.promptI2u, u2i: options.promptU2i }),
    ...given({
      items: options.items,
      kind: options.kind,
      fields: options.fields,
      maxTextLength: options.maxTextLength,
      imageField: options.imageField,
      videoField: options.videoField,
      nFrames: options.frames,
      maxFrameSide: options.maxFrameSide,
      maxImageBytes: options.maxImageBytes,
      minExposure: options.minExposure,
      exposureField: options.exposureField,
      strict: options.strict,
      overwrite: options.overwrite,
      samples: options.samples,
      logprobs: options.logprobs,
      tags: options.tags,
      minUses: options.minUses,
      maxTags: options.maxTags,
      strong:
        strongModel === undefined
          ? undefined
          : modelOf({ ...options, model: strongModel, baseUrl: strongUrl, apiKeyEnv: strongKey }, env),
      strongSamples: options.strongSamples,
      agreement: options.agreement,
      timeoutMs: options.timeout === undefined ? undefined : 1000 * options.timeout,
      prices: options.prices,
      budgetMicrousd: options.budget === undefined ? undefined : Math.round(1e6 * options.budget),
      stopWhenRecall: options.stopWhenRecall,
      recallWindow: options.recallWindow,
      journal: options.journal,
      offline: options.offline,
    }),
  };
}

function modelOf(
  options: Pick<
    TeachOptions,
    'baseUrl' | 'apiKeyEnv' | 'temperature' | 'maxTokens' | 'params' | 'rpm' | 'tpm'
  > & {
    readonly model: string;
  } & Pick<TeachOptions, 'plan' | 'offline'>,
  env: NodeJS.ProcessEnv,
): TeacherModel {
  const { model, baseUrl, apiKeyEnv, temperature, maxTokens, params } = options;
  const apiKey = env[apiKeyEnv]?.trim() ?? '';
  const needsKey = /^https?:\/\/api\.openai\.com(?:[:/]|$)/u.test(baseUrl);
  if (apiKey === '' && needsKey && options.plan !== true && options.offline !== true) {
    throw new TagdistillError(
      'E_BAD_OPTION',
      `${apiKeyEnv} is not set, and ${new URL(baseUrl).host} asks for a key`,
      {
        hint: `Set ${apiKeyEnv}, or give --api-key-env the variable's name; --base-url for another server.`,
      },
    );
  }
  return {
    baseUrl,
    model,
    params: { ...given({ temperature, max_tokens: maxTokens }), ...params },
    ...(apiKey !== '' && { apiKey }),
    ...given({ requestsPerMinute: options.rpm, tokensPerMinute: options.tpm }),
  };
}

/** Leave out what was not given. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function taskList(text: string): Task[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const task = TASKS.find((known) => known === name);
    if (task === undefined) throw new InvalidArgumentError(`Known tasks are ${TASKS.join(', ')}.`);
    return task;
  });
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError('A number from 0 up is wanted.');
  return value;
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new InvalidArgumentError('A JSON object is wanted, e.g. {"top_p": 0.9}.');
}
