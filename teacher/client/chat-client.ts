import { TagdistillError } from '../../src/core/errors.js';
import { AbortGroups } from '../limits/abort-groups.js';
import type { ChatAnswer, ChatRequest } from './chat-types.js';
import type { ChatTransport } from './chat-transport.js';
import { checkApiKey, checkBaseUrl } from './check-connection.js';
import { connectionFailure } from './connection-failure.js';
import { CallFailure } from './failure.js';
import type { HttpReply } from './http-reply.js';
import { readReply } from './read-reply.js';
import { scrubber, type Scrub } from './secrets.js';

export type { ChatAnswer, ChatRequest, LimitHeaders, TokenLogprob, Usage } from './chat-types.js';

export interface ChatClientOptions {
  /** Ends in `/v1` for most servers. */
  readonly baseUrl: string;
  /** Servers that need none take any word. */
  readonly apiKey: string;
  /** For a whole call, from the connection to the last byte; by default 10 minutes. */
  readonly timeoutMs?: number;
  /** Connections at most; calls beyond them wait for one. */
  readonly connections?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Makes single chat calls to an OpenAI-compatible server, each once: limits and retries are the caller's.
 *
 * The `openai` package is loaded with the first call.
 */
export class ChatClient {
  readonly #apiKey: string;
  private readonly baseUrl: string;
  private readonly url: string;
  private readonly timeoutMs: number;
  private readonly connections: number;
  private readonly now: () => number;
  private readonly scrub: Scrub;
  #transport: Promise<ChatTransport> | null = null;
  private readonly stops = new AbortGroups<AbortController>((deadline) => deadline.abort());
  private isClosed = false;

  /** @throws TagdistillError `E_BAD_OPTION` for a URL, key or time that cannot be used */
  constructor({
    baseUrl,
    apiKey,
    timeoutMs = 600_000,
    connections = 128,
    now = Date.now,
  }: ChatClientOptions) {
    this.baseUrl = checkBaseUrl(baseUrl);
    this.#apiKey = checkApiKey(apiKey);
    checkWhole('timeout in milliseconds', timeoutMs, 2 ** 31 - 1);
    checkWhole('number of connections', connections, 65_535);
    this.url = `${this.baseUrl}/chat/completions`;
    this.timeoutMs = timeoutMs;
    this.connections = connections;
    this.now = now;
    this.scrub = scrubber(this.#apiKey);
  }

  /**
   * Ask once.
   *
   * @throws CallFailure for anything but an answer; TagdistillError `E_ABORTED` when the signal is aborted,
   *   `E_CLOSED` after `close`
   */
  async ask(request: ChatRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ChatAnswer> {
    if (this.isClosed) throw new TagdistillError('E_CLOSED', 'the chat client is closed');
    throwIfAborted(signal);
    const { url, scrub } = this;
    const reply = await this.send(bodyOf(request), signal);
    try {
      return readReply(reply, { url, scrub, model: request.endpoint.model, now: this.now() });
    } catch (failure) {
      throwIfAborted(signal);
      throw failure;
    }
  }

  /** Close the connections once the calls in flight have ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    await (await this.#transport)?.close();
  }

  private async send(body: object, signal: AbortSignal | undefined): Promise<HttpReply> {
    const transport = await this.open();
    throwIfAborted(signal);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.timeoutMs);
    if (signal !== undefined) this.stops.add(signal, deadline);
    try {
      return await transport.post(body, deadline.signal);
    } catch (error) {
      throwIfAborted(signal);
      if (!deadline.signal.aborted) throw connectionFailure(error, { url: this.url, scrub: this.scrub });
      throw new CallFailure('timeout', `${this.url} gave no whole answer within ${this.timeoutMs / 1000} s`);
    } finally {
      clearTimeout(timer);
      if (signal !== undefined) this.stops.remove(signal, deadline);
    }
  }

  private open(): Promise<ChatTransport> {
    const { baseUrl, timeoutMs, connections } = this;
    const apiKey = this.#apiKey;
    this.#transport ??= import('./chat-transport.js').then(
      (loaded) => new loaded.ChatTransport({ baseUrl, apiKey, timeoutMs, connections }),
    );
    return this.#transport;
  }
}

/** One answer a request, and whole: parameters that ask for streams or more answers are not sent. */
export function bodyOf({ endpoint, messages, responseFormat, logprobs = false }: ChatRequest): object {
  const { stream: _stream, stream_options: _options, n: _n, ...params } = endpoint.params;
  return {
    ...params,
    model: endpoint.model,
    messages,
    ...(responseFormat !== undefined && { response_format: responseFormat }),
    ...(logprobs && { logprobs }),
  };
}

function checkWhole(what: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new TagdistillError('E_BAD_OPTION', `the ${what} is ${value}`, {
    hint: `Give a whole number from 1 to ${most}.`,
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new TagdistillError('E_ABORTED', 'a call to the teacher was stopped', { cause: signal.reason });
}
