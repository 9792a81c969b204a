import { APIError, OpenAI, type ClientOptions } from 'openai';
import type { HttpReply } from './http-reply.js';

export interface ConnectionOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
}

/** Carries a response that is no success, which `openai` throws, with its whole body. */
export class ReplyError extends APIError {
  constructor(readonly reply: HttpReply) {
    super(reply.status, undefined, undefined, undefined);
  }
}

/** The `openai` client, whose errors are {@link ReplyError}. Loading this file loads that package. */
export class WholeErrorClient extends OpenAI {
  protected override makeStatusError(
    status: number,
    error: object | undefined,
    message: string | undefined,
    headers: Headers,
  ): APIError {
    return new ReplyError({ status, headers, text: message ?? JSON.stringify(error) });
  }
}

/** The options of a client that sends each request once, and takes nothing from the environment. */
export function clientOptions({ baseUrl, apiKey, timeoutMs }: ConnectionOptions): ClientOptions {
  return {
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
  };
}
