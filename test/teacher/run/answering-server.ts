import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly [param: string]: unknown;
}

/** What the server does with a request; `tags` answers by the messages alone. */
export type Reply =
  | { readonly kind: 'tags' }
  | { readonly kind: 'text'; readonly text: string; readonly finishReason?: string }
  | { readonly kind: 'status'; readonly status: number; readonly body?: object }
  | { readonly kind: 'hold' };

export interface AnsweringServer {
  readonly baseUrl: string;
  /** Bodies in the order in which they came. */
  readonly asked: AskedBody[];
  /** Authorization headers, each once. */
  readonly keys: Set<string>;
  mostInFlight: number;
  reply: (body: AskedBody, n: number) => Reply;
  /** Answer what is held. */
  letGo(): void;
  close(): Promise<void>;
}

const ITEM_TAGS = ['wine', 'oak', 'harbour', 'violin', 'grief', 'winter', 'chess', 'bread'];
const USER_TAGS = ['retiree', 'sailor', 'teacher', 'baker', 'student', 'nurse'];

/** Start a server with the OpenAI interface whose answers depend on the messages and the model alone. */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  let inFlight = 0;
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const body = JSON.parse(text) as AskedBody;
      state.asked.push(body);
      state.keys.add(request.headers.authorization ?? '');
      state.mostInFlight = Math.max(state.mostInFlight, ++inFlight);
      response.on('close', () => inFlight--);
      const reply = state.reply(body, state.asked.length);
      if (reply.kind === 'hold') held.push(() => answer(response, body, { kind: 'tags' }));
      else answer(response, body, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: AnsweringServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked: [],
    keys: new Set(),
    mostInFlight: 0,
    reply: () => ({ kind: 'tags' }),
    letGo: () => {
      for (const go of held.splice(0)) go();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

/** The answer to a request: tags of both spaces for an item, a numbered list for a tag. */
export function tagsAnswer({ model, messages }: AskedBody): string {
  const asked = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const digest = createHash('sha256').update(`${model}\n${asked}`).digest();
  const pick = (from: readonly string[], start: number): string[] =>
    [0, 1, 2]
      .map((i) => from[digest[start + i]! % from.length]!)
      .filter((tag, i, all) => all.indexOf(tag) === i);
  const list = (tags: string[]): object[] => tags.map((tag, i) => ({ tag, score: 0.9 - i / 10 }));
  if (!asked.startsWith('Text:'))
    return pick(USER_TAGS, 0)
      .map((tag, i) => `${i + 1}. ${tag} (0.${9 - i})`)
      .join('\n');
  return JSON.stringify({ item_tags: list(pick(ITEM_TAGS, 0)), user_tags: list(pick(USER_TAGS, 8)) });
}

function answer(response: ServerResponse, body: AskedBody, reply: Exclude<Reply, { kind: 'hold' }>): void {
  if (reply.kind === 'status') {
    send(response, reply.status, reply.body ?? { error: { message: `status ${reply.status}` } });
    return;
  }
  const content = reply.kind === 'tags' ? tagsAnswer(body) : reply.text;
  const finish_reason = reply.kind === 'text' ? (reply.finishReason ?? 'stop') : 'stop';
  send(response, 200, {
    id: 'x',
    object: 'chat.completion',
    created: 0,
    model: body.model,
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason, logprobs: null },
    ],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
