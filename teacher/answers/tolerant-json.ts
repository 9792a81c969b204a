const MAX_DEPTH = 32;
const MAX_STARTS = 50;
const CLOSING_QUOTE: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”' };
const ASCII: Readonly<Record<string, string>> = { '｛': '{', '｝': '}', '［': '[', '］': ']' };
// Blanks and comments, of JavaScript and of Python; a comment that never ends runs to the end of the text.
const BLANK = /(?:\s|\/\/[^\n]*|#[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*/uy;
const BLANK_OR_COMMA = /(?:[\s,，]|\/\/[^\n]*|#[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*/uy;
const LITERALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  none: null,
  nan: NaN,
};

/** A JSON value found in an answer. */
export interface FoundJson {
  readonly value: unknown;
  /** False where the value was cut short or broken off, and only its whole parts are kept. */
  readonly isWhole: boolean;
}

/**
 * Find the JSON values in an answer that may hold prose, code fences, or JSON cut short.
 *
 * Beyond strict JSON it reads trailing and missing commas, comments, single and typographic quotes, keys and values
 * without quotes, Python's literals, full-width punctuation, unescaped quotes inside a string, and JSON in a string. An element of a list that was cut is left out, unless it holds
 * a whole list itself.
 */
export function findJson(given: string): FoundJson[] {
  const strict = parseStrictly(given.trim());
  if (isContainer(strict)) return [{ value: strict, isWhole: true }];
  // JSON inside a JSON string, as some gateways give it.
  const quoted = typeof strict === 'string' ? strict : given;
  const inner = typeof strict === 'string' ? parseStrictly(quoted) : undefined;
  if (isContainer(inner)) return [{ value: inner, isWhole: true }];
  const text = /[[{]/u.test(quoted) ? quoted : quoted.replace(/[｛｝［］]/gu, (bracket) => ASCII[bracket]!);
  const found: FoundJson[] = [];
  const starts = /[[{]/gu;
  for (let tries = 0; tries < MAX_STARTS; tries++) {
    const start = starts.exec(text);
    if (start === null) break;
    const scanner = new Scanner(text, start.index);
    const value = scanner.value(0);
    if (typeof value !== 'object' || value === null) continue;
    found.push({ value, isWhole: !scanner.isCut });
    starts.lastIndex = Math.max(scanner.at, start.index + 1);
  }
  return found;
}

function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Marks a value that is not whole and must not be used. */
const CUT = Symbol('cut');

class Scanner {
  isCut = false;

  constructor(
    private readonly text: string,
    public at: number,
  ) {}

  value(depth: number): unknown {
    this.skip(BLANK);
    const char = this.text[this.at] ?? '';
    if (depth > MAX_DEPTH) return this.cut();
    if (char === '{') return this.object(depth);
    if (char === '[') return this.array(depth);
    if (Object.hasOwn(CLOSING_QUOTE, char)) return this.string(char);
    return this.scalar();
  }

  private array(depth: number): unknown {
    const list: unknown[] = [];
    this.at++;
    for (;;) {
      this.skip(BLANK_OR_COMMA);
      if (this.text[this.at] === ']') {
        this.at++;
        break;
      }
      const value = this.value(depth + 1);
      if (value !== CUT && (!this.isCut || holdsList(value))) list.push(value);
      if (this.isCut) break;
    }
    return list;
  }

  private object(depth: number): unknown {
    const entries = new Map<string, unknown>();
    this.at++;
    for (;;) {
      this.skip(BLANK_OR_COMMA);
      const char = this.text[this.at] ?? '';
      if (char === '}') {
        this.at++;
        break;
      }
      const key = Object.hasOwn(CLOSING_QUOTE, char) ? this.string(char) : this.bareKey();
      this.skip(BLANK);
      if (typeof key !== 'string' || !/[:：]/u.test(this.text[this.at] ?? '')) {
        this.cut();
        break;
      }
      this.at++;
      const value = this.bareText() ?? this.value(depth + 1);
      if (value !== CUT && !entries.has(key)) entries.set(key, value);
      if (this.isCut) break;
    }
    return Object.fromEntries(entries);
  }

  private bareKey(): unknown {
    const key = this.skip(/[\p{L}_][\p{L}\p{N}_ -]*/uy);
    return key === '' ? CUT : key.trim();
  }

  /** The value of a member that nobody quoted, up to the comma or brace that ends it. */
  private bareText(): string | null {
    this.skip(BLANK);
    const start = this.at;
    const text = this.skip(/[\p{L}][^,，:：{}[\]"\n]{0,200}/uy).trim();
    const next = this.text[this.at] ?? '';
    if (text !== '' && /[,，}\]]/u.test(next) && !Object.hasOwn(LITERALS, text.toLowerCase())) return text;
    this.at = start;
    return null;
  }

  private string(quote: string): unknown {
    const closing = CLOSING_QUOTE[quote]!;
    let out = '';
    for (this.at++; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (char === closing && this.endsHere()) {
        this.at++;
        return out;
      }
      out += char === '\\' ? this.escape() : char;
    }
    return this.cut();
  }

  // A quote closes a string only where JSON could go on; else the writer forgot to escape it.
  private endsHere(): boolean {
    const after = /\s*(.|$)/suy;
    after.lastIndex = this.at + 1;
    return /^[,:\]}"'“{[，：]?$/u.test(after.exec(this.text)?.[1] ?? '');
  }

  private escape(): string {
    const char = this.text[++this.at] ?? '';
    if (char !== 'u') return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[char] ?? char;
    const hex = /^[0-9a-f]{4}/iu.exec(this.text.slice(this.at + 1, this.at + 5))?.[0];
    if (hex === undefined) return '';
    this.at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private scalar(): unknown {
    const token = this.skip(/[-+.%\w]+/uy);
    // At the very end a number may go on: 0.9 of 0.95.
    if (token === '' || this.at >= this.text.length) return this.cut();
    const name = token.toLowerCase();
    if (Object.hasOwn(LITERALS, name)) return LITERALS[name];
    const number = Number(token);
    if (!Number.isNaN(number)) return number;
    return /^[\d.]+%$/u.test(token) ? token : this.cut();
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0] ?? '';
    this.at += match.length;
    return match;
  }

  private cut(): symbol {
    this.isCut = true;
    return CUT;
  }
}

function holdsList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((inner) => Array.isArray(inner) && inner.length > 0);
}
