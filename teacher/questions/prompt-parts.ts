/** A part of a prompt file under its heading. */
export interface PromptPart {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** 1-based line of its heading. */
  readonly line: number;
}

/** `{{name}}`, also with blanks inside the braces; the first group is the name. */
export const PLACEHOLDER = /\{\{[ \t]*([\p{L}\p{N}_-]+)[ \t]*\}\}/gu;

const HEADING = /^# (system|user|assistant)[ \t]*$/gimu;

/** Split a prompt file at its headings; what stands before the first one belongs to no part. */
export function splitPrompt(text: string): PromptPart[] {
  const headings = [...text.matchAll(HEADING)];
  return headings.map((heading, i) => ({
    role: heading[1]!.toLowerCase() as PromptPart['role'],
    content: text.slice(heading.index + heading[0].length, headings[i + 1]?.index).trim(),
    line: lineAt(text, heading.index),
  }));
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
