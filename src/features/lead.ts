/** The lead of a text is at most this many UTF-16 units long. */
const MAX_LEAD_UNITS = 160;
const END = /\n|[.!?](?=\s)|[。！？]/u;

/**
 * Give a text's lead: what stands before its first line break or end of a sentence.
 *
 * Where a title was put before its text, the lead is the title. Without an end in the first 160 UTF-16 units, the lead
 * is cut there.
 */
export function leadOf(text: string): string {
  const start = text.trimStart().slice(0, MAX_LEAD_UNITS);
  const end = start.search(END);
  return end < 0 ? start : start.slice(0, end);
}
