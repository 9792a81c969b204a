import { homedir } from 'node:os';
import { join } from 'node:path';
import { TagdistillError, messageOf } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { importOptional } from '../core/optional-package.js';
import type { OnProgress } from '../core/progress.js';
import type { DenseEncoder } from './dense-encoder.js';
import { findModel, hashModel, type HubDtype } from './hub-model-files.js';
import type { Pooling } from './pool-tokens.js';
import { PaddedEncoder, type TokenModel, type Tokenise } from './padded-encoder.js';

const PACKAGE = '@huggingface/transformers';
const LONGEST_UNLESS_STATED = 512;
/** Idle threads sleep, as those of the scorer do. */
const NO_SPINNING = { session: { intra_op: { allow_spinning: '0' } } };

export interface HubEncoderOptions {
  /** Default `mean`. */
  readonly pooling?: Pooling;
  /** Default `fp32`. */
  readonly dtype?: HubDtype;
  /** Where downloads are kept; by default `tagdistill/hub` in XDG_CACHE_HOME or ~/.cache. */
  readonly cacheDir?: string;
  /** Download nothing; on by default where HF_HUB_OFFLINE is set. */
  readonly localOnly?: boolean;
  readonly threads?: number;
  /** Told of bytes while a model is downloaded. */
  readonly onProgress?: OnProgress;
}

/**
 * Open a sentence encoder through the package @huggingface/transformers.
 *
 * Texts longer than the model's longest are cut there, as are those over 65,536 UTF-16 units before that.
 *
 * @param model a folder in the layout of transformers.js (`./models/name`), or a name on the Hugging Face hub,
 *   which is downloaded once
 * @throws TagdistillError `E_PACKAGE_MISSING`; `E_FILE_MISSING` for a folder without a model, or a name that was
 *   not downloaded and may not be; `E_ENCODER` for one that does not load, or cannot be had; `E_BAD_OPTION`
 */
export async function openHubEncoder(
  model: string,
  {
    pooling = 'mean',
    dtype = 'fp32',
    cacheDir = defaultCacheDir(),
    localOnly = isOffline(),
    threads = 1,
    onProgress,
  }: HubEncoderOptions = {},
): Promise<DenseEncoder> {
  const place = await findModel(model, dtype, cacheDir);
  if (!place.isThere && localOnly) {
    throw new TagdistillError('E_FILE_MISSING', `the encoder ${model} was not downloaded before`, {
      file: place.dir,
      hint: 'Allow downloads once, or give a local folder as ./models/name.',
    });
  }
  // Ours first: of two versions of its library the newer must be the one that a process loads.
  await import('onnxruntime-node');
  const { AutoModel, AutoTokenizer, Tensor } = await importOptional(
    PACKAGE,
    () => import('@huggingface/transformers'),
  );
  // By its folder where it is there: by its name the package would ask the hub about it once more.
  const source = place.isThere ? place.dir : model;
  const options = {
    cache_dir: cacheDir,
    local_files_only: place.isThere,
    ...(onProgress && !place.isThere && { progress_callback: tellBytes(onProgress) }),
  };
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(source, options);
    const network = await AutoModel.from_pretrained(source, {
      ...options,
      dtype,
      device: 'cpu',
      session_options: {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
        extra: NO_SPINNING,
      },
    });
    const longest = longestInput(
      tokenizer.model_max_length as number,
      network.config as unknown as ModelConfig,
    );
    const run: TokenModel = async ({ ids, mask, dims }) => {
      const output = (await network({
        input_ids: new Tensor('int64', ids, [...dims]),
        attention_mask: new Tensor('int64', mask, [...dims]),
      })) as ModelOutput;
      return tokenVectors(output);
    };
    const split = (text: string, add_special_tokens: boolean): readonly number[] =>
      tokenizer(text, { add_special_tokens, return_tensor: false }).input_ids;
    const padId: unknown = tokenizer.pad_token_id;
    const weights = (await hashModel(place.dir, dtype)) ?? model;
    return await PaddedEncoder.open(cutAt(longest, split), run, {
      name: model,
      fingerprint: sha256(JSON.stringify([weights, dtype, pooling, longest])),
      pooling,
      padId: typeof padId === 'number' ? padId : 0,
      release: async () => {
        await network.dispose();
      },
    });
  } catch (cause) {
    if (cause instanceof TagdistillError) throw cause;
    throw new TagdistillError('E_ENCODER', `cannot load the encoder ${model}: ${messageOf(cause)}`, {
      hint: place.isThere
        ? `Copy or download ${place.dir} again; a file in it may be cut short.`
        : 'Check the name and the network, or give a local folder as ./models/name.',
      cause,
    });
  }
}

interface ModelConfig {
  readonly model_type?: string;
  readonly max_position_embeddings?: number;
}

type ModelOutput = Readonly<
  Record<string, { readonly data: unknown; readonly dims: readonly number[] } | undefined>
>;

/** Models of this family count positions from after the padding id. */
const POSITIONS_FROM_2 = /roberta|camembert|mpnet/;

function longestInput(
  stated: number,
  { model_type: type = '', max_position_embeddings: positions }: ModelConfig,
) {
  const room = positions === undefined ? Infinity : positions - (POSITIONS_FROM_2.test(type) ? 2 : 0);
  const longest = Math.min(stated, room);
  return longest >= 1 && longest < 1e6 ? longest : LONGEST_UNLESS_STATED;
}

/** Cut a text's tokens, but keep the special ones that end it, as the models were trained with them. */
function cutAt(longest: number, split: (text: string, withSpecial: boolean) => readonly number[]): Tokenise {
  const bare = split('a', false);
  const whole = split('a', true);
  const nStart = Math.max(0, whole.indexOf(bare[0] ?? -1));
  const nEnd = Math.min(longest, whole.length - bare.length - nStart);
  return (text) => {
    const ids = split(text, true);
    return ids.length <= longest ? ids : [...ids.slice(0, longest - nEnd), ...ids.slice(ids.length - nEnd)];
  };
}

function tokenVectors(output: ModelOutput): { data: Float32Array; nDims: number } {
  const tensor = output['last_hidden_state'] ?? output['token_embeddings'] ?? output['logits'];
  const names = Object.keys(output).join(', ');
  if (tensor?.dims.length !== 3) {
    throw new TagdistillError('E_ENCODER', `the model gives no vector a token; its outputs: ${names}`, {
      hint: 'Export it for feature extraction, with last_hidden_state as output.',
    });
  }
  if (!(tensor.data instanceof Float32Array)) {
    throw new TagdistillError('E_ENCODER', 'the model gives no float32 numbers', {
      hint: 'Choose another dtype, e.g. fp32.',
    });
  }
  return { data: tensor.data, nDims: tensor.dims[2]! };
}

function tellBytes(onProgress: OnProgress) {
  return (info: { status: string; file?: string; loaded?: number; total?: number }): void => {
    if (info.status !== 'progress' || info.loaded === undefined) return;
    const total = info.total === undefined ? {} : { total: info.total };
    onProgress({ stage: `download ${info.file ?? ''}`, done: info.loaded, ...total });
  };
}

function isOffline(): boolean {
  return !['', '0', undefined].includes(process.env['HF_HUB_OFFLINE']);
}

function defaultCacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tagdistill', 'hub');
}
