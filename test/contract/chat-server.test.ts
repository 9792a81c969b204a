import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../../teacher/client/chat-client.js';
import type { FailureClass } from '../../teacher/client/failure.js';
import { OutputLadder, type LadderAnswer, type PaidAnswer } from '../../teacher/client/output-ladder.js';
import { failureOf, KEY, modelNamed, questionOf, withClient } from '../teacher/client/asking.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { AIMOCK_FIXTURES } from './aimock-fixtures.js';
import { startAimock, startFaultServer, type ServerProcess } from './chat-servers.js';

const folder = temporaryFolder();
const servers: readonly (readonly [string, () => Promise<ServerProcess>])[] = [
  ['the fault server', startFaultServer],
  ['aimock', async () => startAimock(await folder.write('fixtures.json', JSON.stringify(AIMOCK_FIXTURES)))],
];
const BOOK = questionOf('item2tag', 'A whale hunt.');

describe.each(servers)('a chat server, as %s is one', (_, start) => {
  let server: ServerProcess;
  let client: ChatClient;
  beforeAll(async () => {
    server = await start();
    client = new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });
  const ask = (model: string, onPaid?: (paid: PaidAnswer) => void): Promise<LadderAnswer> =>
    new OutputLadder().ask(client, BOOK, modelNamed(model), onPaid === undefined ? {} : { onPaid });

  it('gives tags by the strict schema, and counts its tokens', async () => {
    const { rung, parsed, answer } = await ask('any');
    expect([rung, parsed.state, answer.finishReason]).toEqual(['json_schema_strict', 'ok', 'stop']);
    expect(answer.usage?.tokensIn).toBeGreaterThan(0);
    expect(answer.usage?.tokensOut).toBeGreaterThan(0);
  });

  it('answers many calls at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('any')));
    expect(new Set(answers.map(({ answer }) => answer.rawText)).size).toBe(1);
  });

  it('may cut an answer short, and its whole tags are kept', async () => {
    const { parsed, answer } = await ask('length');
    expect([parsed.state, answer.finishReason]).toEqual(['ok', 'length']);
  });

  it('may give an answer that cannot be read, twice', async () => {
    const paid: PaidAnswer[] = [];
    const { parsed } = await ask('prose', (answer) => paid.push(answer));
    expect([parsed.state, paid.length]).toEqual(['unparseable', 1]);
  });

  const failures: readonly (readonly [string, FailureClass, number | null])[] = [
    ['length_early', 'truncated', 200],
    ['content_filter', 'refused', 200],
    ['tool_call', 'unparseable', 200],
    ['rate_limit', 'rate_limit', 429],
    ['no_quota', 'no_quota', 429],
    ['bad_key', 'bad_key', 401],
    ['no_model', 'no_model', 404],
    ['bad_request', 'bad_request', 400],
    ['server_error', 'server', 500],
    ['garbage', 'server', 200],
    ['drop', 'connection', null],
  ];
  it.each(failures)('may fail by %s, which is %s', async (model, kind, status) => {
    const failure = await failureOf(ask(model));
    expect([failure.kind, failure.status]).toEqual([kind, status]);
    expect(failure.message).not.toContain(KEY);
  });

  it('says with 429 how long to wait', async () => {
    expect((await failureOf(ask('rate_limit'))).retryAfterMs).toBe(1000);
  });

  it('may hang, and the call ends all the same', async () => {
    const call = withClient(
      server.baseUrl,
      (hurried) => new OutputLadder().ask(hurried, BOOK, modelNamed('hang')),
      { timeoutMs: 200 },
    );
    expect((await failureOf(call)).kind).toBe('timeout');
  });
});

describe('aimock alone', () => {
  let server: ServerProcess;
  let client: ChatClient;
  beforeAll(async () => {
    server = await startAimock(await folder.write('again.json', JSON.stringify(AIMOCK_FIXTURES)));
    client = new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  it('is climbed down to the format that it takes', async () => {
    const ladder = new OutputLadder();
    const { rung, parsed } = await ladder.ask(client, BOOK, modelNamed('json_object_only'));
    expect([rung, parsed.state]).toEqual(['json_object', 'ok']);
  });

  it('is asked again with its bad answer in view', async () => {
    const { parsed } = await new OutputLadder().ask(client, BOOK, modelNamed('prose_once'));
    expect(parsed).toMatchObject({ state: 'ok', tags: { user: [{ raw: 'sailor' }] } });
  });

  it('tells of cached tokens as OpenRouter does', async () => {
    const baseUrl = server.baseUrl.replace('/v1', '/api/v1');
    const request = { endpoint: modelNamed('cached_usage'), messages: BOOK.messages };
    const { usage } = await withClient(baseUrl, (router) => router.ask(request));
    expect(usage).toEqual({ tokensIn: 100, tokensCached: 64, tokensOut: 20 });
  });

  it('states its limits as OpenAI does', async () => {
    const { limits } = await failureOf(
      client.ask({ endpoint: modelNamed('rate_limit'), messages: BOOK.messages }),
    );
    expect(limits).toEqual({
      limitRequests: 60,
      remainingRequests: 0,
      resetRequestsMs: 1000,
      limitTokens: 150_000,
      remainingTokens: 0,
      resetTokensMs: 360_000,
    });
  });
});
