// Control characters, line and paragraph separators, and marks that turn the direction of writing.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Write control characters as escapes, so that no text steers the terminal or breaks a table. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The same for a message, which may have several lines. */
export function visibleLines(text: string): string {
  return text.split(/\r?\n/).map(visible).join('\n');
}
