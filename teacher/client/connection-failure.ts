import { messageOf } from '../../src/core/errors.js';
import { CallFailure } from './failure.js';
import { beginningOf } from './http-reply.js';
import type { Scrub } from './secrets.js';

const MOST_CAUSES = 5;

/** Make the failure of a request that got no whole response, saying what broke at the bottom. */
export function connectionFailure(
  error: unknown,
  { url, scrub }: { readonly url: string; readonly scrub: Scrub },
): CallFailure {
  const chain = causes(error);
  const codes = chain.map(codeOf).filter((code) => code !== null);
  const root = chain.findLast((link) => messageOf(link) !== '');
  const found = beginningOf(scrub(root === undefined ? '' : messageOf(root)));
  const code = codes.at(-1);
  const what = code === undefined || found.includes(code) ? found : `${found} (${code})`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new CallFailure('timeout', `cannot reach ${url}: ${what}`);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new CallFailure('server', `the response of ${url} is too large: ${what}`);
  }
  // The original may hold the request, and so the key: only its words go on.
  const cause = new Error(beginningOf(scrub(chain.map(messageOf).join(': '))));
  return new CallFailure('connection', `the connection to ${url} failed: ${what}`, { cause });
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && link !== null && chain.length < MOST_CAUSES;) {
    chain.push(link);
    if (link instanceof AggregateError && link.errors.length > 0) link = link.errors[0];
    else link = link instanceof Error ? link.cause : undefined;
  }
  return chain;
}

function codeOf(error: unknown): string | null {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
