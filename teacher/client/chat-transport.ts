import type { OpenAI } from 'openai';
import { Agent } from 'undici';
import type { HttpReply } from './http-reply.js';
import { poolFetch } from './pool-fetch.js';
import { clientOptions, ReplyError, WholeErrorClient, type ConnectionOptions } from './whole-error-client.js';

export interface ChatTransportOptions extends ConnectionOptions {
  readonly connections: number;
}

const MOST_BYTES = 64 * 2 ** 20;
const CONNECT_MS = 30_000;

type BuiltRequest = Awaited<ReturnType<OpenAI['buildRequest']>>;

/** Builds the address and headers once, as all requests have the same. */
class PreparedClient extends WholeErrorClient {
  private built: Promise<BuiltRequest> | null = null;

  override async buildRequest(options: Parameters<OpenAI['buildRequest']>[0]): Promise<BuiltRequest> {
    this.built ??= super.buildRequest({ ...options, signal: null, body: {} });
    const { req, url, timeout } = await this.built;
    const { signal, body } = options;
    return { req: { ...req, ...(signal && { signal }), body: JSON.stringify(body) }, url, timeout };
  }
}

/**
 * Sends chat requests by the `openai` client over a pool of connections. Loading this file loads that package, so it
 * is imported when the first request is made.
 */
export class ChatTransport {
  private readonly agent: Agent;
  private readonly client: PreparedClient;

  constructor({ connections, ...connection }: ChatTransportOptions) {
    // The deadline of a call covers headers and body: the pool's own timeouts would cut long answers off.
    this.agent = new Agent({
      connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: Math.min(connection.timeoutMs, CONNECT_MS),
      maxResponseSize: MOST_BYTES,
    });
    const fetch = poolFetch(this.agent, { mostBytes: MOST_BYTES });
    this.client = new PreparedClient({ ...clientOptions(connection), fetch });
  }

  /** @throws what the network or the signal does to the request; a response of any status is returned */
  async post(body: object, signal: AbortSignal): Promise<HttpReply> {
    try {
      const response = await this.client.post('/chat/completions', { body, signal }).asResponse();
      const { status, headers } = response;
      return { status, headers, text: await response.text() };
    } catch (error) {
      if (error instanceof ReplyError) return error.reply;
      throw error;
    }
  }

  /** Close the pool once the calls in flight have ended. */
  async close(): Promise<void> {
    await this.agent.close();
  }
}
