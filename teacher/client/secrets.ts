/** Replaces secrets in a text. */
export type Scrub = (text: string) => string;

// Shorter keys are placeholders such as "none", and words of their own.
const SHORTEST_KEY = 8;
const CREDENTIALS = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/giu;

/** Make what takes an API key, and whatever stands in an Authorization header, out of texts of others. */
export function scrubber(apiKey: string): Scrub {
  return (text) => {
    const withoutKey = apiKey.length < SHORTEST_KEY ? text : text.replaceAll(apiKey, '[key]');
    return withoutKey.replace(CREDENTIALS, '$1 [key]');
  };
}
