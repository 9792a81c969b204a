import type { InferenceSession } from 'onnxruntime-node';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TagdistillError, messageOf } from '../../src/core/errors.js';
import { sha256 } from '../../src/core/hash.js';
import { parseJson } from '../../src/core/parse-json.js';
import { openSession } from '../../src/runtime/session.js';

const MODEL = 'onnx/model.onnx';
const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];
const OUTPUTS = ['last_hidden_state', 'token_embeddings'];

/** A sentence encoder in the layout of transformers.js. */
export interface SentenceEncoder {
  readonly session: InferenceSession;
  /** The one of {@link OUTPUTS} that the model has: float32 [batch, length, width]. */
  readonly output: string;
  readonly modelSha256: string;
  readonly tokenizerJson: unknown;
  readonly tokenizerFile: string;
}

/**
 * Open the sentence encoder of a folder: `onnx/model.onnx`, `tokenizer.json` and `config.json`.
 *
 * @throws TagdistillError `E_FILE_MISSING` for a file that is not there, or a name that is no folder;
 *   `E_FILE_FORMAT` for one that does not open, or a model with other inputs or outputs
 */
export async function openSentenceEncoder(dir: string, { threads = 2 } = {}): Promise<SentenceEncoder> {
  const isFolder = await stat(dir).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new TagdistillError('E_FILE_MISSING', 'there is no such folder', {
      file: dir,
      hint: `Download the model first, with ${MODEL}, tokenizer.json and config.json, and give its folder.`,
    });
  }
  const modelFile = join(dir, ...MODEL.split('/'));
  const tokenizerFile = join(dir, 'tokenizer.json');
  const tokenizerJson = parseJson(await readPart(tokenizerFile), {
    code: 'E_FILE_FORMAT',
    file: tokenizerFile,
    hint: 'Copy the file again, whole.',
  });
  const model = await readPart(modelFile);
  const session = await openSession(model, { threads }).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_FORMAT', `ONNX Runtime cannot open the model: ${messageOf(cause)}`, {
      file: modelFile,
      hint: 'Copy the file again, whole, with its .onnx_data if it has one inside.',
      cause,
    });
  });
  const { inputNames, outputNames } = session;
  const output = OUTPUTS.find((name) => outputNames.includes(name));
  const odd = inputNames.filter((name) => !INPUTS.includes(name));
  if (odd.length > 0 || !inputNames.includes('input_ids') || output === undefined) {
    await session.release();
    throw new TagdistillError(
      'E_FILE_FORMAT',
      `the model takes ${inputNames.join(', ')} and gives ${outputNames.join(', ')}; wanted are ${INPUTS.join(', ')}, and ${OUTPUTS.join(' or ')}`,
      { file: modelFile, hint: 'Export the encoder for the task feature-extraction.' },
    );
  }
  return { session, output, modelSha256: sha256(model), tokenizerJson, tokenizerFile };
}

async function readPart(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot read a file of the model: ${messageOf(cause)}`, {
      file,
      hint: `Give a folder in the layout of transformers.js, with ${MODEL} and tokenizer.json.`,
      cause,
    });
  });
}
