/** Kinds of characters that the tokenizers of language models treat alike, by number, as they are counted one by one. */
export const SCRIPT = {
  latin: 0,
  figure: 1,
  blank: 2,
  newline: 3,
  punctuation: 4,
  accented: 5,
  han: 6,
  kana: 7,
  hangul: 8,
  cyrillic: 9,
  /** Half of a character beyond 16 bits: an emoji, mostly. */
  surrogate: 10,
  other: 11,
} as const;

export type ScriptName = keyof typeof SCRIPT;

/** The end of each range of UTF-16 code units, left out, and its script; full-width forms count as punctuation. */
const RANGES: readonly (readonly [number, ScriptName])[] = [
  [0x0009, 'newline'],
  [0x000a, 'blank'],
  [0x0020, 'newline'],
  [0x0021, 'blank'],
  [0x0030, 'punctuation'],
  [0x003a, 'figure'],
  [0x0041, 'punctuation'],
  [0x005b, 'latin'],
  [0x0061, 'punctuation'],
  [0x007b, 'latin'],
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

const ENDS = RANGES.map(([end]) => end);
const SCRIPTS = RANGES.map(([, name]) => SCRIPT[name]);
const ASCII = Uint8Array.from({ length: 128 }, (_, unit) => search(unit));

/** Give the number of the script of a UTF-16 code unit. */
export function scriptOf(unit: number): number {
  return unit < 128 ? ASCII[unit]! : search(unit);
}

function search(unit: number): number {
  let i = 0;
  while (unit >= ENDS[i]!) i++;
  return SCRIPTS[i]!;
}
