/** Kinds of characters that tokenizers of language models treat alike; `surrogate` is half an emoji, mostly. */
export type Script =
  | 'latin'
  | 'accented'
  | 'figure'
  | 'blank'
  | 'newline'
  | 'punctuation'
  | 'han'
  | 'kana'
  | 'hangul'
  | 'cyrillic'
  | 'surrogate'
  | 'other';

/** Where each script ends, above ASCII, in code units; full-width forms count as punctuation of their scripts. */
const ENDS: readonly (readonly [number, Script])[] = [
  [0x00c0, 'punctuation'],
  [0x0250, 'accented'],
  [0x0400, 'other'],
  [0x0530, 'cyrillic'],
  [0x1e00, 'other'],
  [0x1f00, 'accented'],
  [0x2000, 'other'],
  [0x3040, 'punctuation'],
  [0x3100, 'kana'],
  [0x3400, 'other'],
  [0xa000, 'han'],
  [0xac00, 'other'],
  [0xd800, 'hangul'],
  [0xe000, 'surrogate'],
  [0xf900, 'other'],
  [0xfb00, 'han'],
  [0xff00, 'other'],
  [0x10000, 'punctuation'],
];

/** Give the script of a UTF-16 code unit. */
export function scriptOf(unit: number): Script {
  if (unit < 0x80) return asciiScript(unit);
  for (const [end, script] of ENDS) if (unit < end) return script;
  return 'other';
}

function asciiScript(unit: number): Script {
  const lower = unit | 0x20;
  if (lower >= 0x61 && lower <= 0x7a) return 'latin';
  if (unit === 0x20 || unit === 0x09) return 'blank';
  if (unit >= 0x30 && unit <= 0x39) return 'figure';
  return unit === 0x0a || unit === 0x0d ? 'newline' : 'punctuation';
}
