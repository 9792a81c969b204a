import { readFile } from 'node:fs/promises';
import { parseDocument, YAMLParseError } from 'yaml';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import type { ModelEndpoint } from '../questions/question.js';
import { priceRows, type PriceRow } from './price-rows.js';
import type { Price } from './prices.js';

/** Looks up what a model costs at an endpoint; null where the file has no price for it. */
export type PriceOf = (endpoint: Pick<ModelEndpoint, 'model' | 'baseUrl'>) => Price | null;

const HINT = 'Write "prices:" and below it entries like "- {model: my-model, input: 0.15, output: 0.60}".';

/**
 * Read a price file, YAML or JSON: a list `prices` of entries with `model`, `input` and `output`, in US dollars per
 * million tokens, and where wanted `base_url`, `cached_input` (as `input` where left out), `batch_discount` (0.5),
 * `image_tokens`, `as_of` and `source`. The first entry that fits counts; in `model` and `base_url`, `*` stands for
 * anything.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_EMPTY`, or `E_FILE_FORMAT` with the place inside the file
 */
export async function loadPrices(path: string): Promise<PriceOf> {
  const rows = priceRows(parse(await read(path), path), path);
  return ({ model, baseUrl }) => rows.find((row) => fits(row, model, baseUrl))?.price ?? null;
}

async function read(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot read the prices: ${messageOf(cause)}`, {
      hint: 'Give the path of a YAML or JSON file with --prices.',
      file: path,
      cause,
    });
  });
  const text = new TextDecoder().decode(bytes);
  if (text.trim() !== '') return text;
  throw new TagdistillError('E_FILE_EMPTY', 'the price file is empty', { hint: HINT, file: path });
}

// JSON is YAML, so that one reader does for both and says the line.
function parse(text: string, file: string): unknown {
  try {
    const document = parseDocument(text);
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as unknown;
  } catch (cause) {
    const line = cause instanceof YAMLParseError ? cause.linePos?.[0].line : undefined;
    throw new TagdistillError('E_FILE_FORMAT', `no YAML: ${messageOf(cause).split('\n')[0] ?? ''}`, {
      hint: HINT,
      file,
      ...(line === undefined ? {} : { line }),
      cause,
    });
  }
}

function fits({ model, baseUrl }: PriceRow, wantedModel: string, wantedUrl: string): boolean {
  return model(wantedModel) && (baseUrl === null || baseUrl(wantedUrl.replace(/\/+$/u, '')));
}
