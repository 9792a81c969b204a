// What reasoning models put between their thoughts and the answer; the last mark counts.
const THOUGHT_ENDS = [
  '</think>',
  '</thinking>',
  '</thought>',
  '</reasoning>',
  '<|channel|>final<|message|>',
] as const;
/** Drop what a reasoning model writes before its answer, up to the last mark that ends its thoughts. */
export function afterThoughts(text: string): string {
  const ends = THOUGHT_ENDS.map((mark) => {
    const at = text.lastIndexOf(mark);
    return at < 0 ? 0 : at + mark.length;
  });
  return text.slice(Math.max(...ends));
}
