import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { answerTo, digestOf, tokensOf, type ChatBody } from './fault-answers.js';

/** What a server does with a request. */
export type Behaviour = keyof typeof BEHAVIOURS;

export interface Exchange {
  readonly body: ChatBody;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
}

const SLOW_BYTE_MS = 10;

export const BEHAVIOURS = {
  ok: complete({}),
  no_usage: complete({ usage: undefined }),
  /** DeepSeek's spelling of cached tokens. */
  cached_usage: complete({
    usage: { prompt_tokens: 100, completion_tokens: 20, prompt_cache_hit_tokens: 64 },
  }),
  named_twice: (exchange: Exchange) => complete({ text: answerTo(exchange.body, { nTimes: 2 }) })(exchange),
  /** Whole tags, then the limit. */
  length: (exchange: Exchange) =>
    complete({ text: answerTo(exchange.body).slice(0, 150), finish_reason: 'length' })(exchange),
  /** The limit before the first whole tag. */
  length_early: complete({ text: '{"item_tags": [{"ta', finish_reason: 'length' }),
  prose: complete({ text: 'What a lovely book. I would give it to anyone who likes boats and music!' }),
  empty: complete({ text: '' }),
  refusal: complete({ text: null, message: { refusal: 'I cannot help with that.' } }),
  content_filter: complete({ text: '', finish_reason: 'content_filter' }),
  tool_call: complete({
    text: null,
    message: {
      tool_calls: [{ id: '1', type: 'function', function: { name: 'tags', arguments: '{}' } }],
    },
    finish_reason: 'tool_calls',
  }),
  bad_logprobs: complete({ logprobs: { content: [{ token: 'a', logprob: 'high' }, null] } }),
  rate_limit: fail(429, 'Rate limit reached', { 'retry-after': '1' }),
  rate_limit_ms: fail(429, 'Rate limit reached', { 'retry-after-ms': '20' }),
  rate_limit_bare: fail(429, 'Rate limit reached'),
  no_quota: fail(429, 'You exceeded your current quota', {}, 'insufficient_quota'),
  no_credit: fail(402, 'Insufficient Balance'),
  server_error: fail(500, 'The server had an error'),
  overloaded: fail(503, 'Overloaded', { 'retry-after': '1' }),
  bad_request: fail(400, 'max_tokens is too large'),
  moderated: fail(400, 'The prompt was filtered', {}, 'content_filter'),
  no_model: fail(404, 'The model does not exist', {}, 'model_not_found'),
  rejects_response_format: fail(400, "'response_format' of this type is not supported with this model"),
  rejects_logprobs: (exchange: Exchange) =>
    exchange.body.logprobs === true
      ? fail(403, 'You are not allowed to request logprobs from this model')(exchange)
      : complete({})(exchange),
  /** Shows the key that it got, as careless gateways do. */
  bad_key: ({ headers, response }: Exchange) =>
    sendJson(response, 401, {
      error: { message: `Incorrect API key: ${headers.authorization ?? ''}`, code: 'invalid_api_key' },
    }),
  error_with_200: ({ response }: Exchange) =>
    sendJson(response, 200, { error: { code: 429, message: 'The upstream is rate-limited' } }),
  no_choices: ({ response }: Exchange) => sendJson(response, 200, { object: 'chat.completion', choices: [] }),
  html: ({ response }: Exchange) => send(response, 200, '<html><h1>Sign in</h1></html>', 'text/html'),
  bad_gateway: ({ response }: Exchange) =>
    send(response, 502, '<html><h1>502 Bad Gateway</h1></html>', 'text/html'),
  garbage: ({ response }: Exchange) => send(response, 200, '\u0000\u0001}{"', 'application/json'),
  half_json: ({ body, response }: Exchange) => {
    const text = JSON.stringify(completion(body, {}));
    send(response, 200, text.slice(0, text.length / 2), 'application/json');
  },
  wrong_content_type: ({ body, response }: Exchange) =>
    send(response, 200, JSON.stringify(completion(body, {})), 'text/plain'),
  redirect: ({ response }: Exchange) => {
    response.setHeader('location', 'https://example.org/v1/chat/completions?session=1');
    send(response, 307, '', 'text/html');
  },
  drop: ({ response }: Exchange) => response.socket?.destroy(),
  drop_in_body: ({ body, response }: Exchange) => {
    const text = JSON.stringify(completion(body, {}));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    });
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
  },
  slow_bytes: ({ body, response }: Exchange) => {
    const bytes = Buffer.from(JSON.stringify(completion(body, {})));
    let at = 0;
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => {
      if (at < bytes.length) response.write(bytes.subarray(at, ++at));
      else response.end();
    }, SLOW_BYTE_MS);
    response.on('close', () => clearInterval(timer));
  },
  hang: () => undefined,
  hang_in_body: ({ response }: Exchange) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"choices": [');
  },
} satisfies Record<string, (exchange: Exchange) => unknown>;

/** Those that a server would be paid for. */
export const PAID: ReadonlySet<Behaviour> = new Set([
  ...(['ok', 'no_usage', 'cached_usage', 'named_twice', 'length', 'length_early', 'prose', 'empty'] as const),
  ...(['refusal', 'content_filter', 'tool_call', 'bad_logprobs', 'wrong_content_type'] as const),
]);

interface CompletionParts {
  /** By default the answer to the request. */
  readonly text?: string | null;
  readonly message?: object;
  readonly finish_reason?: string;
  readonly usage?: object | undefined;
  readonly logprobs?: object;
}

function completion(body: ChatBody, parts: CompletionParts): object {
  const text = parts.text === undefined ? answerTo(body) : parts.text;
  const logprobs = parts.logprobs ?? (body.logprobs === true ? { content: tokensOf(text ?? '') } : null);
  const usage = {
    prompt_tokens: Math.ceil(JSON.stringify(body.messages).length / 4),
    completion_tokens: Math.ceil((text ?? '').length / 4),
  };
  return {
    id: `chatcmpl-${digestOf(body).toString('hex').slice(0, 16)}`,
    object: 'chat.completion',
    created: 0,
    model: `${body.model}-2026`,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, ...parts.message },
        finish_reason: parts.finish_reason ?? 'stop',
        logprobs,
      },
    ],
    ...('usage' in parts ? { usage: parts.usage } : { usage }),
  };
}

function complete(parts: CompletionParts): (exchange: Exchange) => void {
  return ({ body, response }) => sendJson(response, 200, completion(body, parts));
}

function fail(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code: string | null = null,
): (exchange: Exchange) => void {
  return ({ response }) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, status, { error: { message, type: 'error', param: null, code } });
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, JSON.stringify(body), 'application/json');
}

export function send(response: ServerResponse, status: number, text: string, type: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
