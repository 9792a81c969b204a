import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Agent, Dispatcher } from 'undici';

type HttpHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

const DECODERS: Readonly<
  Record<string, (bytes: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Make a `fetch` over a pool, of whole responses to requests with a text body, at a fraction of the cost of undici's:
 * no streams, no copies of requests, signals or headers. Redirects are given as they come.
 *
 * Its responses have what the `openai` client and its callers use of a `Response`: status, headers, text.
 */
export function poolFetch(agent: Agent, { mostBytes }: { readonly mostBytes: number }): typeof fetch {
  // The client gives the same headers to all requests.
  let given: unknown = null;
  let headers: Record<string, string> = {};
  return async (input, { method = 'GET', body, headers: now, signal } = {}) => {
    if (now !== given) {
      headers = headersOf(now);
      given = now;
    }
    const url = input as string;
    const { origin, pathname, search } = new URL(url);
    const reply = await new Promise<WholeReply>((resolve, reject) => {
      const exchange = new Exchange(signal ?? undefined, resolve, reject);
      agent.dispatch(
        {
          origin,
          path: pathname + search,
          method,
          headers,
          body: typeof body === 'string' ? body : null,
        },
        exchange,
      );
    });
    return new WholeResponse(url, reply, await decoded(reply, mostBytes)) as unknown as Response;
  };
}

function headersOf(given: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (given instanceof Headers) given.forEach((value, name) => (headers[name] = value));
  return headers;
}

interface WholeReply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly bytes: Buffer;
}

/** One request and its response, which is given once it is whole. */
class Exchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: HttpHeaders = {};
  private readonly chunks: Buffer[] = [];
  private controller: Dispatcher.DispatchController | null = null;

  constructor(
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (reply: WholeReply) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    signal?.addEventListener('abort', this.stop);
    if (signal?.aborted === true) this.stop();
  }

  // A request that still waits for a connection ends at once, and is dropped when its turn comes.
  private readonly stop = (): void => {
    this.signal?.removeEventListener('abort', this.stop);
    this.reject(this.signal?.reason);
    this.controller?.abort(asError(this.signal?.reason));
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted === true) controller.abort(asError(this.signal.reason));
  }

  onResponseStart(_controller: unknown, status: number, headers: HttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.signal?.removeEventListener('abort', this.stop);
    const { status, headers, chunks } = this;
    this.resolve({ status, headers, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.signal?.removeEventListener('abort', this.stop);
    this.reject(error);
  }
}

class WholeResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly body = null;
  readonly headers: WholeHeaders;

  constructor(
    readonly url: string,
    { status, headers }: WholeReply,
    private readonly whole: string,
  ) {
    this.status = status;
    this.ok = status >= 200 && status < 300;
    this.headers = new WholeHeaders(headers);
  }

  text(): Promise<string> {
    return Promise.resolve(this.whole);
  }
}

class WholeHeaders {
  constructor(private readonly given: HttpHeaders) {}

  get(name: string): string | null {
    const value = this.given[name.toLowerCase()];
    if (value === undefined) return null;
    return typeof value === 'string' ? value : value.join(', ');
  }

  *entries(): Generator<[string, string]> {
    for (const name of Object.keys(this.given)) yield [name, this.get(name) ?? ''];
  }
}

async function decoded({ headers, bytes }: WholeReply, mostBytes: number): Promise<string> {
  const encoding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  const decode = DECODERS[encoding];
  const plain = decode === undefined ? bytes : await decode(bytes, { maxOutputLength: mostBytes });
  const text = plain.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
