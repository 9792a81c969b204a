import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { TagdistillError } from '../core/errors.js';
import { sha256, sha256File } from '../core/hash.js';
import { isThere } from '../core/is-there.js';

/** The end of the model's file name for each number format, as transformers.js names them. */
const SUFFIX = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;

/** Number format of the model's weights. */
export type HubDtype = keyof typeof SUFFIX;

/** Where a model is, or will be once it is downloaded. */
export interface ModelPlace {
  readonly kind: 'folder' | 'hub';
  readonly dir: string;
  readonly isThere: boolean;
}

const HUB_NAME = /^(?!.*(--|\.\.))[\w.-]+(\/[\w.-]+)?$/;

/**
 * Tell a local folder from a hub name: a path that is absolute, starts with a dot, or exists is a folder.
 *
 * @param cacheDir where downloads are kept
 * @throws TagdistillError `E_FILE_MISSING` for a folder without a model in the layout of transformers.js,
 *   `E_BAD_OPTION` for what is neither, or an unknown number format
 */
export async function findModel(model: string, dtype: HubDtype, cacheDir: string): Promise<ModelPlace> {
  if (!Object.hasOwn(SUFFIX, dtype)) {
    throw new TagdistillError('E_BAD_OPTION', `unknown number format ${JSON.stringify(dtype)}`, {
      hint: `Known: ${Object.keys(SUFFIX).join(', ')}.`,
    });
  }
  if (isAbsolute(model) || model.startsWith('.') || (model !== '' && (await isThere(model)))) {
    const dir = resolve(model);
    const missing = await missingFiles(dir, dtype);
    if (missing.length > 0) await refuseFolder(dir, missing);
    return { kind: 'folder', dir, isThere: true };
  }
  if (!HUB_NAME.test(model)) {
    throw new TagdistillError('E_BAD_OPTION', `${JSON.stringify(model)} is no folder and no hub name`, {
      hint: 'Give a folder as ./models/name, or a name of the Hugging Face hub as owner/name.',
    });
  }
  const dir = resolve(cacheDir, model);
  return { kind: 'hub', dir, isThere: (await missingFiles(dir, dtype)).length === 0 };
}

/**
 * Hash the weights and the tokeniser, so that a cache knows when either changes.
 *
 * @returns null where they are not in this folder
 */
export async function hashModel(dir: string, dtype: HubDtype): Promise<string | null> {
  if ((await missingFiles(dir, dtype)).length > 0) return null;
  // Weights over 2 GB stand in files beside the model's.
  const beside = (await readdir(join(dir, 'onnx')))
    .filter((name) => name.startsWith(`${modelName(dtype)}_data`))
    .sort()
    .map((name) => `onnx/${name}`);
  const files = ['tokenizer.json', modelFile(dtype), ...beside].map((file) => join(dir, file));
  return sha256((await Promise.all(files.map(sha256File))).join(' '));
}

async function missingFiles(dir: string, dtype: HubDtype): Promise<string[]> {
  const wanted = ['config.json', 'tokenizer.json', 'tokenizer_config.json', modelFile(dtype)];
  const there = await Promise.all(wanted.map((file) => isThere(join(dir, file))));
  return wanted.filter((_, i) => !there[i]);
}

async function refuseFolder(dir: string, missing: readonly string[]): Promise<never> {
  const models = (await readdir(join(dir, 'onnx')).catch(() => [])).filter((name) => name.endsWith('.onnx'));
  throw new TagdistillError('E_FILE_MISSING', `no encoder here: ${missing.join(', ')} is missing`, {
    file: dir,
    hint:
      models.length > 0
        ? `The folder has ${models.map((name) => `onnx/${name}`).join(', ')}; choose the number format by dtype.`
        : 'The layout of transformers.js is wanted: config.json, tokenizer.json, onnx/model.onnx and so on.',
  });
}

function modelName(dtype: HubDtype): string {
  return `model${SUFFIX[dtype]}.onnx`;
}

function modelFile(dtype: HubDtype): string {
  return `onnx/${modelName(dtype)}`;
}
