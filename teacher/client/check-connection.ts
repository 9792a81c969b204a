import { TagdistillError } from '../../src/core/errors.js';

/**
 * Check a base URL, and take off what stands at its end for nothing.
 *
 * @throws TagdistillError `E_BAD_OPTION`, without showing what may be a secret in it
 */
export function checkBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const hint = 'Give one such as http://localhost:8000/v1.';
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    throw new TagdistillError('E_BAD_OPTION', 'the base URL is no http or https address', { hint });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TagdistillError(
      'E_BAD_OPTION',
      `the base URL of ${url.host} has a user name, password or query in it`,
      { hint: 'Leave them out; the key is given on its own.' },
    );
  }
  return baseUrl
    .trim()
    .replace(/\/+$/u, '')
    .replace(/\/chat\/completions$/u, '');
}

/**
 * Check that a key can be sent in a header; blanks around it are left out.
 *
 * @throws TagdistillError `E_BAD_OPTION`, without showing the key
 */
export function checkApiKey(apiKey: string): string {
  const key = apiKey.trim();
  const at = key.search(/[^\x21-\x7e]/u);
  if (key !== '' && at < 0) return key;
  const what =
    key === '' ? 'is empty' : `has a character at place ${at + 1} of ${key.length} that no key has`;
  throw new TagdistillError('E_BAD_OPTION', `the API key ${what}`, {
    hint: 'Copy it again into its environment variable; a server that needs none takes any word.',
  });
}
