import { readFile } from 'node:fs/promises';
import { packagePath } from '../../src/core/package-info.js';

/** The static encoder that ships with the package. */
export const MINILM_STATIC = packagePath('exports', 'encoders', 'minilm-static');

/** Read its tokenizer.json, and put back the special tokens that its source looks for in texts. */
export async function readMinilmTokenizer(): Promise<{ plain: object; withSpecial: object }> {
  const plain = JSON.parse(await readFile(`${MINILM_STATIC}/tokenizer.json`, 'utf8')) as object;
  const special = { '[PAD]': 0, '[UNK]': 100, '[CLS]': 101, '[SEP]': 102, '[MASK]': 103 };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const added = Object.entries(special).map(([content, id]) => ({ id, content, ...flags }));
  return { plain, withSpecial: { ...plain, added_tokens: added } };
}
