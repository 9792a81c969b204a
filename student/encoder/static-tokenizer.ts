type JsonObject = Record<string, unknown>;

/**
 * Make the tokenizer.json of a static encoder from its source's: nothing is cut, padded or put around a text.
 *
 * Special tokens that the vocabulary has are no longer looked for in texts, so that a text with "[MASK]" in it is read
 * as its words. Ids stay as they are.
 */
export function staticTokenizer(tokenizerJson: unknown): JsonObject {
  const json = tokenizerJson as JsonObject;
  const { vocab } = json['model'] as { readonly vocab: JsonObject | [string, number][] };
  const known = new Set(isList(vocab) ? vocab.map(([token]) => token) : Object.keys(vocab));
  const added = (json['added_tokens'] ?? []) as readonly { readonly content: string }[];
  return {
    ...json,
    truncation: null,
    padding: null,
    post_processor: null,
    added_tokens: added.filter(({ content }) => !known.has(content)),
  };
}

/** Unigram models list their tokens, others map them. */
function isList(vocab: JsonObject | [string, number][]): vocab is [string, number][] {
  return Array.isArray(vocab);
}
