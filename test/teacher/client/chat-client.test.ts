import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient, type ChatRequest } from '../../../teacher/client/chat-client.js';
import type { FailureClass } from '../../../teacher/client/failure.js';
import type { Behaviour } from '../../support/fault-behaviours.js';
import { FaultServer } from '../../support/fault-server.js';
import { failureOf, KEY, modelNamed, questionOf, withClient } from './asking.js';

let server: FaultServer;
let client: ChatClient;
beforeAll(async () => {
  server = await FaultServer.start({
    headers: {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '6m0s',
    },
  });
  client = new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY });
});
afterAll(async () => {
  await client.close();
  await server.close();
});

const asking = (model: string, options: Partial<ChatRequest> = {}): ChatRequest => ({
  endpoint: modelNamed(model),
  messages: questionOf('item2tag', 'A whale hunt. 🐋').messages,
  ...options,
});
const impatient = (model: Behaviour): Promise<unknown> =>
  withClient(server.baseUrl, (hurried) => hurried.ask(asking(model)), { timeoutMs: 150 });

describe('an answer', () => {
  it('comes with its model, finish reason, usage and limits', async () => {
    const answer = await client.ask(asking('any'));
    expect(answer).toMatchObject({
      finishReason: 'stop',
      modelReturned: 'any-2026',
      usage: { tokensIn: expect.any(Number), tokensCached: 0, tokensOut: expect.any(Number) },
      limits: { limitRequests: 60, remainingRequests: 59, resetRequestsMs: 360_000 },
      logprobs: null,
      refusal: null,
    });
    expect(JSON.parse(answer.rawText)).toHaveProperty('item_tags');
  });

  it('is the same for the same messages, so that runs can be compared', async () => {
    const [first, second] = await Promise.all([client.ask(asking('any')), client.ask(asking('any'))]);
    expect(second.rawText).toBe(first.rawText);
  });

  it('counts whatever content type it has', async () => {
    expect((await client.ask(asking('wrong_content_type'))).finishReason).toBe('stop');
  });

  it('has no usage where the server does not count', async () => {
    expect((await client.ask(asking('no_usage'))).usage).toBeNull();
  });

  it('counts cached tokens in other spellings', async () => {
    const { usage } = await client.ask(asking('cached_usage'));
    expect(usage).toEqual({ tokensIn: 100, tokensCached: 64, tokensOut: 20 });
  });

  it('that is empty or cut short is given as it came', async () => {
    expect(await client.ask(asking('empty'))).toMatchObject({ rawText: '', finishReason: 'stop' });
    expect(await client.ask(asking('length_early'))).toMatchObject({ finishReason: 'length' });
  });

  it('has log-probabilities where they are asked for, torn characters as bytes', async () => {
    const { rawText, logprobs } = await client.ask(asking('any', { logprobs: true }));
    const bytes = logprobs!.flatMap((token) => [...token.bytes!]);
    expect(Buffer.from(bytes).toString()).toBe(rawText);
  });

  it('has none where one of them cannot be used', async () => {
    expect((await client.ask(asking('bad_logprobs', { logprobs: true }))).logprobs).toBeNull();
  });
});

describe('a request', () => {
  it('sends parameters, format and key, and never asks for a stream or more than one answer', async () => {
    const endpoint = modelNamed('sent', { temperature: 0.5, seed: 7, stream: true, n: 4 });
    const responseFormat = { type: 'json_object' };
    await client.ask(asking('sent', { endpoint, responseFormat, logprobs: true }));
    const { headers, body } = server.requests.at(-1)!;
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(body).toEqual({
      model: 'sent',
      temperature: 0.5,
      seed: 7,
      messages: questionOf('item2tag', 'A whale hunt. 🐋').messages,
      response_format: responseFormat,
      logprobs: true,
    });
  });

  it('is made once, whatever comes of it', async () => {
    const nBefore = server.stats.nRequests;
    await failureOf(client.ask(asking('server_error')));
    expect(server.stats.nRequests).toBe(nBefore + 1);
  });

  it('takes no key or account from the environment', async () => {
    const names = ['OPENAI_ADMIN_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID'];
    for (const name of names) process.env[name] = 'from-the-environment';
    try {
      await withClient(server.baseUrl, (fresh) => fresh.ask(asking('any')));
    } finally {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    }
    expect(JSON.stringify(server.requests.at(-1)!.headers)).not.toContain('from-the-environment');
  });

  it('shares a pool of as many connections as it is given', async () => {
    const narrow = await FaultServer.start({ latencyMs: 5 });
    const few = new ChatClient({ baseUrl: narrow.baseUrl, apiKey: KEY, connections: 3 });
    try {
      await Promise.all(Array.from({ length: 20 }, () => few.ask(asking('any'))));
      expect(narrow.stats).toMatchObject({ nRequests: 20, nAnsweredAgain: 19 });
      expect(narrow.stats.maxInFlight).toBeLessThanOrEqual(3);
    } finally {
      await few.close();
      await narrow.close();
    }
  });
});

describe('a failure', () => {
  const kinds: readonly (readonly [Behaviour, FailureClass, number | null])[] = [
    ['rate_limit', 'rate_limit', 429],
    ['rate_limit_bare', 'rate_limit', 429],
    ['error_with_200', 'rate_limit', 429],
    ['no_quota', 'no_quota', 429],
    ['no_credit', 'no_quota', 402],
    ['bad_key', 'bad_key', 401],
    ['no_model', 'no_model', 404],
    ['bad_request', 'bad_request', 400],
    ['rejects_response_format', 'bad_request', 400],
    ['redirect', 'bad_request', 307],
    ['server_error', 'server', 500],
    ['overloaded', 'server', 503],
    ['bad_gateway', 'server', 502],
    ['garbage', 'server', 200],
    ['html', 'server', 200],
    ['half_json', 'server', 200],
    ['no_choices', 'server', 200],
    ['drop', 'connection', null],
    ['drop_in_body', 'connection', null],
    ['refusal', 'refused', 200],
    ['content_filter', 'refused', 200],
    ['moderated', 'refused', 400],
    ['tool_call', 'unparseable', 200],
  ];
  it.each(kinds)('of %s is %s', async (behaviour, kind, status) => {
    const failure = await failureOf(client.ask(asking(behaviour)));
    expect([failure.kind, failure.status]).toEqual([kind, status]);
  });

  it.each(['hang', 'hang_in_body', 'slow_bytes'] as const)('of %s is a timeout', async (behaviour) => {
    const failure = await failureOf(impatient(behaviour));
    expect(failure.kind).toBe('timeout');
    expect(failure.message).toContain('no whole answer within 0.15 s');
  });

  it('says how long to wait, in seconds or milliseconds, or that nothing was said', async () => {
    const waits = (['rate_limit', 'rate_limit_ms', 'rate_limit_bare'] as const).map(
      async (behaviour) => (await failureOf(client.ask(asking(behaviour)))).retryAfterMs,
    );
    expect(await Promise.all(waits)).toEqual([1000, 20, null]);
  });

  it('keeps the limits, and the tokens that were paid for nothing', async () => {
    const refused = await failureOf(client.ask(asking('refusal')));
    expect(refused.usage?.tokensIn).toBeGreaterThan(0);
    expect(refused.limits?.limitRequests).toBe(60);
    expect(refused.rawText).toBe('I cannot help with that.');
  });

  it('says what was found', async () => {
    const html = await failureOf(client.ask(asking('html')));
    expect(html.message).toContain('200 with text/html, which is not JSON: <html><h1>Sign in</h1></html>');
    const moved = await failureOf(client.ask(asking('redirect')));
    expect(moved.message).toContain('moved to https://example.org/v1/chat/completions;');
  });

  it('of a wrong path tells what base URLs look like', async () => {
    const failure = await failureOf(
      withClient(server.baseUrl.replace('/v1', ''), (lost) => lost.ask(asking('any'))),
    );
    expect(failure.kind).toBe('no_model');
    expect(failure.message).toContain('page not found (model "any"; most base URLs end in /v1)');
  });

  it('of a server that is not there names the reason', async () => {
    const gone = await FaultServer.start();
    const { baseUrl } = gone;
    await gone.close();
    const failure = await failureOf(withClient(baseUrl, (lost) => lost.ask(asking('any'))));
    expect(failure.kind).toBe('connection');
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it.each(['bad_key', 'drop', 'html', 'refusal', 'rate_limit'] as const)(
    'of %s shows the key nowhere',
    async (behaviour) => {
      const failure = await failureOf(client.ask(asking(behaviour)));
      const shown = inspect(failure, { depth: 20, showHidden: true });
      expect(shown).not.toContain(KEY);
      expect(shown).not.toContain(KEY.slice(3));
      expect(inspect(client, { depth: 20 })).not.toContain(KEY);
    },
  );
});

describe('stopping', () => {
  it('ends a call that hangs', async () => {
    const stop = new AbortController();
    const arrival = server.nextRequest();
    const call = client.ask(asking('hang'), { signal: stop.signal });
    await arrival;
    stop.abort(new Error('enough'));
    await expect(call).rejects.toMatchObject({ code: 'E_ABORTED', cause: { message: 'enough' } });
  });

  it('counts while the client is being loaded', async () => {
    const stop = new AbortController();
    const call = withClient(server.baseUrl, (fresh) => fresh.ask(asking('hang'), { signal: stop.signal }));
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'E_ABORTED' });
  });

  it('asks nothing when it comes before the call', async () => {
    const nBefore = server.stats.nRequests;
    const call = client.ask(asking('any'), { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: 'E_ABORTED' });
    expect(server.stats.nRequests).toBe(nBefore);
  });

  it('by one signal of many calls leaves nothing behind and warns of nothing', async () => {
    const warnings: Error[] = [];
    const heed = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', heed);
    const stop = new AbortController();
    await Promise.all(Array.from({ length: 40 }, () => client.ask(asking('any'), { signal: stop.signal })));
    process.off('warning', heed);
    expect(warnings).toEqual([]);
  });

  it('refuses calls after close', async () => {
    const closed = new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY });
    await closed.close();
    await expect(closed.ask(asking('any'))).rejects.toMatchObject({ code: 'E_CLOSED' });
  });
});

describe('options', () => {
  const bad: readonly (readonly [string, object, string])[] = [
    ['no address', { baseUrl: 'localhost:8000' }, 'no http or https address'],
    ['a password in it', { baseUrl: 'https://me:secret@example.org/v1' }, 'user name, password or query'],
    ['a query', { baseUrl: 'https://example.org/v1?key=secret' }, 'user name, password or query'],
    ['an empty key', { apiKey: ' ' }, 'is empty'],
    ['a broken key', { apiKey: 'sk-secret\nX: 1' }, 'place 10 of 14'],
    ['a timeout of nothing', { timeoutMs: 0 }, 'timeout in milliseconds is 0'],
    ['half a connection', { connections: 0.5 }, 'number of connections is 0.5'],
  ];
  it.each(bad)('refuse %s without showing secrets', (_, options, message) => {
    const make = (): ChatClient => new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY, ...options });
    expect(make).toThrow(message);
    expect(make).not.toThrow('secret');
  });

  it('take a base URL with a slash or the whole path, and a key with blanks around it', async () => {
    const lax = new ChatClient({ baseUrl: `${server.baseUrl}/chat/completions/`, apiKey: ` ${KEY}\n` });
    expect((await lax.ask(asking('any'))).finishReason).toBe('stop');
    await lax.close();
  });
});
