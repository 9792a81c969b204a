import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/core/random.js';
import { Graph, type Tensor } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';

const WORDS =
  'a short text another which says little more than the one that stands before it wine grape'.split(' ');
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...WORDS, '##s', '.', ','];
export const TINY_LONGEST = 24;

export interface TinyEncoderOptions {
  readonly nDims?: number;
  readonly seed?: number;
  /** Round activations by one scale a batch, as models do that are quantised on the fly. */
  readonly quantised?: boolean;
}

/** Write a random encoder of one attention layer, with a WordPiece tokeniser, in the layout of transformers.js. */
export async function writeTinyEncoder(
  dir: string,
  { nDims = 8, seed = 1, quantised = false }: TinyEncoderOptions = {},
): Promise<void> {
  await mkdir(join(dir, 'onnx'), { recursive: true });
  const json = (name: string, value: object) => writeFile(join(dir, name), JSON.stringify(value));
  await json('config.json', { model_type: 'bert', hidden_size: nDims, max_position_embeddings: 64 });
  await json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    pad_token: '[PAD]',
    model_max_length: TINY_LONGEST,
  });
  await json('tokenizer.json', tokeniser());
  await writeFile(join(dir, 'onnx', 'model.onnx'), tinyModel(nDims, seed, quantised));
}

function tinyModel(nDims: number, seed: number, quantised: boolean): Uint8Array {
  const random = seededRandom(seed);
  const g = new Graph();
  const matrix = (rows: number, columns: number): Tensor =>
    g.constant(
      Float32Array.from({ length: rows * columns }, () => random() * 2 - 1),
      [rows, columns],
    );
  const ids = g.input('input_ids', 'int64', ['batch', 'width']);
  const mask = g.input('attention_mask', 'int64', ['batch', 'width']);
  g.input('token_type_ids', 'int64', ['batch', 'width']);
  const x = ops.gatherRows(g, matrix(VOCABULARY.length, nDims), ids); // [batch, width, nDims]
  const keys = ops.transpose(g, ops.matMul(g, x, matrix(nDims, nDims)), [0, 2, 1]);
  const scores = ops.matMul(g, ops.matMul(g, x, matrix(nDims, nDims)), keys); // [batch, width, width]
  const isPadding = ops.sub(g, ops.cast(g, mask, 'float32'), g.scalar(1));
  const bias = ops.unsqueeze(g, ops.mul(g, isPadding, g.scalar(1e9)), [1]);
  const attention = ops.exp(g, ops.logSoftmax(g, ops.add(g, scores, bias)));
  const mixed = ops.add(g, x, ops.matMul(g, attention, x));
  g.output('last_hidden_state', quantised ? roundByBatch(g, mixed) : mixed);
  return g.toBytes();
}

function roundByBatch(g: Graph, x: Tensor): Tensor {
  const squares = ops.reduceSum(g, ops.mul(g, x, x), [0, 1, 2]);
  const scale = ops.div(g, ops.sqrt(g, squares), g.scalar(127));
  const [rounded] = g.node('Round', [ops.div(g, x, scale)], [{ type: 'float32', shape: x.shape }]);
  return ops.mul(g, rounded!, scale);
}

function tokeniser(): object {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
  const piece = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: 'A' | 'B') => ({ Sequence: { id, type_id: 0 } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [piece('[CLS]'), sequence('A'), piece('[SEP]')],
      pair: [piece('[CLS]'), sequence('A'), piece('[SEP]'), sequence('B'), piece('[SEP]')],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((id) => [id, { id, ids: [VOCABULARY.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
    },
  };
}
