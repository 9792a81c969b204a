const END = '</think>';

/** Drop what a reasoning model writes before its answer, up to the last `</think>`. */
export function afterThoughts(text: string): string {
  const end = text.lastIndexOf(END);
  return end < 0 ? text : text.slice(end + END.length);
}
