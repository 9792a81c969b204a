import { afterEach, describe, expect, it } from 'vitest';
import { ChatClient } from '../../../teacher/client/chat-client.js';
import {
  OutputLadder,
  type LadderAnswer,
  type LadderAskOptions,
  type PaidAnswer,
} from '../../../teacher/client/output-ladder.js';
import type { Question } from '../../../teacher/questions/question.js';
import { FaultServer, type FaultServerOptions } from '../../support/fault-server.js';
import { failureOf, KEY, modelNamed, questionOf } from './asking.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Setting {
  readonly server: FaultServer;
  readonly ladder: OutputLadder;
  readonly ask: (
    question?: Question,
    options?: LadderAskOptions & { readonly model?: string },
  ) => Promise<LadderAnswer>;
}

const BOOK = questionOf('item2tag', 'A whale hunt.');

async function setting(
  options: FaultServerOptions = {},
  ladder: OutputLadder = new OutputLadder({ now: () => 0 }),
): Promise<Setting> {
  const server = await FaultServer.start(options);
  const client = new ChatClient({ baseUrl: server.baseUrl, apiKey: KEY });
  open.push(
    () => client.close(),
    () => server.close(),
  );
  return {
    server,
    ladder,
    ask: (question = BOOK, { model = 'any', ...rest } = {}) =>
      ladder.ask(client, question, modelNamed(model), rest),
  };
}

const formats = ({ server }: Setting): unknown[] =>
  server.requests.map(({ body: { response_format: format } }) =>
    format?.json_schema?.strict === true ? 'json_schema_strict' : (format?.type ?? 'text'),
  );

describe('the ladder', () => {
  it('starts at the strict schema, and sends the schema of the task', async () => {
    const here = await setting();
    const { rung, parsed } = await here.ask();
    expect([rung, parsed.state]).toEqual(['json_schema_strict', 'ok']);
    expect(here.server.requests[0]?.body.response_format).toMatchObject({
      json_schema: { name: 'item2tag', strict: true, schema: { required: ['item_tags', 'user_tags'] } },
    });
  });

  it('steps down to what the server takes, and stays there', async () => {
    const here = await setting({ formats: ['json_object'] });
    expect((await here.ask()).rung).toBe('json_object');
    await here.ask(questionOf('item2tag', 'Another book.'));
    expect(formats(here)).toEqual(['json_schema_strict', 'json_schema', 'json_object', 'json_object']);
    expect(here.ladder.rung).toBe('json_object');
  });

  it('puts the schema into words where JSON is all that the server takes', async () => {
    const here = await setting({ formats: ['json_object'] });
    await here.ask();
    const { messages } = here.server.requests.at(-1)!.body;
    expect(messages.at(-1)?.content).toContain('"additionalProperties":false');
    expect(messages[0]).toEqual(BOOK.messages[0]);
  });

  it('ends at plain text, where the prompt alone asks for the form', async () => {
    const here = await setting({ formats: [] });
    const { rung, parsed } = await here.ask();
    expect([rung, parsed.state]).toEqual(['text', 'ok']);
    expect(here.server.requests.at(-1)?.body.messages).toEqual(BOOK.messages);
  });

  it('steps down once for calls that are refused together', async () => {
    const here = await setting({ formats: ['json_schema'], latencyMs: 5 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => here.ask(questionOf('item2tag', `Book ${i}.`))),
    );
    expect(new Set(answers.map(({ rung }) => rung))).toEqual(new Set(['json_schema']));
    expect(here.server.stats.nRequests).toBe(24);
  });

  it('does not step down for requests that are bad in another way', async () => {
    const here = await setting();
    expect((await failureOf(here.ask(BOOK, { model: 'bad_request' }))).kind).toBe('bad_request');
    expect(here.ladder.rung).toBe('json_schema_strict');
    expect(here.server.stats.nRequests).toBe(1);
  });

  it('gives up where even text is refused for its format', async () => {
    const here = await setting();
    expect((await failureOf(here.ask(BOOK, { model: 'rejects_response_format' }))).rejects).toBe(
      'response_format',
    );
    expect(here.server.stats.nRequests).toBe(4);
  });

  it('starts where it is told to', async () => {
    const here = await setting({}, new OutputLadder({ start: 'json_object' }));
    expect((await here.ask()).rung).toBe('json_object');
  });
});

describe('prompts of tags', () => {
  it('that ask for a list are asked as text, as in the paper', async () => {
    const here = await setting();
    const { rung, parsed } = await here.ask(questionOf('i2u', 'violin'));
    expect(rung).toBe('text');
    expect(parsed).toMatchObject({ state: 'ok', tags: { user: { length: 8 } } });
    expect((await here.ask(questionOf('u2i', 'JSON developer'))).rung).toBe('text');
  });

  it('that speak of JSON are asked by schema', async () => {
    const here = await setting();
    const question = {
      ...questionOf('i2u', 'violin'),
      messages: [{ role: 'user' as const, content: 'The audience of violin, as JSON.' }],
    };
    const { rung, parsed } = await here.ask(question);
    expect([rung, parsed.state]).toEqual(['json_schema_strict', 'ok']);
    expect(here.server.requests[0]?.body.response_format?.json_schema?.name).toBe('tag2tag');
  });
});

describe('an answer that cannot be read', () => {
  it('is asked for once more, with the bad answer in view; what was paid is told', async () => {
    const here = await setting({ script: ['prose', 'ok'] });
    const paid: PaidAnswer[] = [];
    const { parsed } = await here.ask(BOOK, { onPaid: (answer) => paid.push(answer) });
    expect(parsed.state).toBe('ok');
    expect(paid).toMatchObject([
      {
        parsed: { state: 'unparseable' },
        answer: { finishReason: 'stop' },
        startedAt: '1970-01-01T00:00:00.000Z',
      },
    ]);
    const { messages } = here.server.requests[1]!.body;
    expect(messages.slice(0, -2)).toEqual(BOOK.messages);
    expect(messages.at(-2)).toMatchObject({
      role: 'assistant',
      content: expect.stringContaining('lovely book'),
    });
    expect(messages.at(-1)).toMatchObject({
      role: 'user',
      content: expect.stringContaining('could not be read'),
    });
  });

  it('twice is given as it is', async () => {
    const here = await setting();
    const paid: PaidAnswer[] = [];
    const answer = await here.ask(BOOK, { model: 'prose', onPaid: (given) => paid.push(given) });
    expect(answer.parsed.state).toBe('unparseable');
    expect([paid.length, here.server.stats.nRequests]).toEqual([1, 2]);
  });

  it('because it is empty is asked for again in the same words', async () => {
    const here = await setting({ script: ['empty', 'ok'] });
    expect((await here.ask()).parsed.state).toBe('ok');
    expect(here.server.requests[1]?.body.messages).toEqual(BOOK.messages);
  });

  it('in prose from a server that ignores the format is only re-asked', async () => {
    const here = await setting({ script: ['prose', 'prose'] });
    await here.ask();
    expect(formats(here)).toEqual(['json_schema_strict', 'json_schema_strict']);
  });
});

describe('an answer cut short', () => {
  it('is given with its whole tags', async () => {
    const here = await setting();
    const { parsed, answer } = await here.ask(BOOK, { model: 'length' });
    expect(answer.finishReason).toBe('length');
    expect(parsed.state === 'ok' && parsed.tags.item!.length).toBeGreaterThan(0);
    expect(here.server.stats.nRequests).toBe(1);
  });

  it('before its first whole tag is a failure with what it cost', async () => {
    const here = await setting();
    const paid: PaidAnswer[] = [];
    const failure = await failureOf(
      here.ask(BOOK, { model: 'length_early', onPaid: (given) => paid.push(given) }),
    );
    expect(failure).toMatchObject({ kind: 'truncated', rawText: '{"item_tags": [{"ta' });
    expect(failure.usage?.tokensOut).toBeGreaterThan(0);
    expect([paid.length, here.server.stats.nRequests]).toEqual([0, 1]);
  });
});

describe('log-probabilities', () => {
  it('come for every tag, whatever its letters', async () => {
    const here = await setting();
    const { parsed, tagLogprobs } = await here.ask(BOOK, { logprobs: true });
    const tags = parsed.state === 'ok' ? Object.values(parsed.tags).flat() : [];
    expect(tagLogprobs?.map(([tag]) => tag)).toEqual(tags.map(({ raw }) => raw));
    expect(tagLogprobs?.every(([, logprob]) => logprob < 0)).toBe(true);
  });

  it('are not asked for, and not given, unless wanted', async () => {
    const here = await setting();
    expect((await here.ask()).tagLogprobs).toBeNull();
    expect(here.server.requests[0]?.body.logprobs).toBeUndefined();
  });

  it('are left out for good where the server does not allow them', async () => {
    const here = await setting();
    expect((await here.ask(BOOK, { logprobs: true, model: 'rejects_logprobs' })).tagLogprobs).toBeNull();
    await here.ask(BOOK, { logprobs: true, model: 'rejects_logprobs' });
    expect(here.server.requests.map(({ body }) => body.logprobs ?? false)).toEqual([true, false, false]);
    expect(here.ladder.rung).toBe('json_schema_strict');
  });
});
