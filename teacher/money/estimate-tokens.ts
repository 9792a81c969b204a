import type { ChatMessage } from '../questions/question.js';
import { SCRIPT, scriptOf, type ScriptName } from './script.js';

export interface EstimateOptions {
  /** Tokens of one image, where its price entry says so. */
  readonly imageTokens?: number;
}

/**
 * Tokens of one image unless its price entry says otherwise: what GPT-4o counts for six tiles of 512 x 512 pixels.
 * Models differ widely, from 258 (Gemini, a tile) to about 1,600 (Claude, at its largest).
 */
export const IMAGE_TOKENS = 1105;

/** What a server adds to each message, and once to a request. */
const MESSAGE_TOKENS = 4;
const REQUEST_TOKENS = 3;

/**
 * How much more than the estimate the real count may be, as a factor: it covers all 13 languages measured with the
 * vocabulary of GPT-4o, and all but Polish (1.29) with that of Llama 3. GPT-4's takes up to 1.5 times for Chinese.
 */
export const TOKENS_P95_FACTOR = 1.2;

/** Tokens that a character of a script makes; Latin letters, figures and blanks are counted by runs. */
const PER_CHARACTER: Readonly<Record<ScriptName, number>> = {
  latin: 0,
  accented: 0.9,
  figure: 0,
  blank: 0,
  newline: 0.3,
  punctuation: 0.7,
  han: 0.85,
  kana: 0.65,
  hangul: 0.75,
  cyrillic: 0.3,
  surrogate: 1.25,
  other: 0.6,
};

const WEIGHTS = Float64Array.from(Object.keys(SCRIPT), (name) => PER_CHARACTER[name as ScriptName]);

const WORD = 0.95;
const SHORT_WORD_LETTERS = 6;
const FURTHER_LETTER = 0.3;
const FIGURES = 1.1;
const FIGURES_PER_TOKEN = 3;
const BLANKS_PER_TOKEN = 16;

/**
 * Estimate the tokens of messages as a server counts them, whatever its tokenizer, in one pass over the text.
 *
 * @see estimateTextTokens for its error; images count by a constant
 */
export function estimateTokens(
  messages: readonly ChatMessage[],
  { imageTokens = IMAGE_TOKENS }: EstimateOptions = {},
): number {
  const { textTokens, nImages } = countMessages(messages);
  return textTokens + nImages * imageTokens;
}

/** Tokens of the text of messages, with what the server adds, and how many images stand in them. */
export function countMessages(messages: readonly ChatMessage[]): { textTokens: number; nImages: number } {
  let textTokens = REQUEST_TOKENS;
  let nImages = 0;
  for (const { content } of messages) {
    textTokens += MESSAGE_TOKENS;
    if (typeof content === 'string') textTokens += estimateTextTokens(content);
    else {
      for (const part of content) {
        if (part.type === 'text') textTokens += estimateTextTokens(part.text);
        else nImages++;
      }
    }
  }
  return { textTokens, nImages };
}

/**
 * Estimate the tokens of a text by its scripts; a whole number, rounded up, 0 for an empty text.
 *
 * Against the vocabularies of GPT-4o (o200k) and Llama 3 it is within 4 % on English prose, code, prompts and recorded
 * answers, each taken together, and within 23 % on 13 other languages; on single paragraphs of English within 18 %.
 */
export function estimateTextTokens(text: string): number {
  let tokens = 0;
  let last = -1;
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const script = scriptOf(text.charCodeAt(i));
    const kind = script === SCRIPT.accented ? SCRIPT.latin : script;
    run = kind === last ? run + 1 : 0;
    last = kind;
    tokens += WEIGHTS[script]!;
    if (kind === SCRIPT.latin) tokens += run === 0 ? WORD : run < SHORT_WORD_LETTERS ? 0 : FURTHER_LETTER;
    else if (kind === SCRIPT.figure) tokens += run % FIGURES_PER_TOKEN === 0 ? FIGURES : 0;
    // One blank goes with the word after it.
    else if (kind === SCRIPT.blank) tokens += run % BLANKS_PER_TOKEN === 1 ? 1 : 0;
  }
  return Math.ceil(tokens);
}
