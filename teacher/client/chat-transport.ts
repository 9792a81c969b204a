import { APIError, OpenAI } from 'openai';
import { Agent } from 'undici';
import type { HttpReply } from './http-reply.js';
import { poolFetch } from './pool-fetch.js';

export interface ChatTransportOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly connections: number;
}

const MOST_BYTES = 64 * 2 ** 20;
const CONNECT_MS = 30_000;

/** Carries a response that is no success, which `openai` throws, with its whole body. */
class StatusError extends APIError {
  constructor(readonly reply: HttpReply) {
    super(reply.status, undefined, undefined, undefined);
  }
}

type BuiltRequest = Awaited<ReturnType<OpenAI['buildRequest']>>;

/** The `openai` client; it builds the address and headers once, as all requests have the same. */
class WholeErrorClient extends OpenAI {
  private built: Promise<BuiltRequest> | null = null;

  override async buildRequest(options: Parameters<OpenAI['buildRequest']>[0]): Promise<BuiltRequest> {
    this.built ??= super.buildRequest({ ...options, signal: null, body: {} });
    const { req, url, timeout } = await this.built;
    const { signal, body } = options;
    return { req: { ...req, ...(signal && { signal }), body: JSON.stringify(body) }, url, timeout };
  }

  protected override makeStatusError(
    status: number,
    error: object | undefined,
    message: string | undefined,
    headers: Headers,
  ): APIError {
    return new StatusError({ status, headers, text: message ?? JSON.stringify(error) });
  }
}

/**
 * Sends chat requests by the `openai` client over a pool of connections. Loading this file loads that package, so it
 * is imported when the first request is made.
 */
export class ChatTransport {
  private readonly agent: Agent;
  private readonly client: OpenAI;

  constructor({ baseUrl, apiKey, timeoutMs, connections }: ChatTransportOptions) {
    // The deadline of a call covers headers and body: the pool's own timeouts would cut long answers off.
    this.agent = new Agent({
      connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: Math.min(timeoutMs, CONNECT_MS),
      maxResponseSize: MOST_BYTES,
    });
    this.client = new WholeErrorClient({
      baseURL: baseUrl,
      apiKey,
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: 'off',
      defaultHeaders: { 'User-Agent': 'tagdistill' },
      // Left out, these would be read from the environment.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      fetch: poolFetch(this.agent, { mostBytes: MOST_BYTES }),
    });
  }

  /** @throws what the network or the signal does to the request; a response of any status is returned */
  async post(body: object, signal: AbortSignal): Promise<HttpReply> {
    try {
      const response = await this.client.post('/chat/completions', { body, signal }).asResponse();
      const { status, headers } = response;
      return { status, headers, text: await response.text() };
    } catch (error) {
      if (error instanceof StatusError) return error.reply;
      throw error;
    }
  }

  /** Close the pool once the calls in flight have ended. */
  async close(): Promise<void> {
    await this.agent.close();
  }
}
