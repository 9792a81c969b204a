import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, type ChatBody } from './fault-answers.js';
import { BEHAVIOURS, PAID, send, type Behaviour, type Exchange } from './fault-behaviours.js';

export interface FaultServerOptions {
  /** By order of arrival; after its end a model named after a behaviour gets that, all others answers. */
  readonly script?: readonly Behaviour[];
  /** Response formats that it takes; those without are refused with status 400. */
  readonly formats?: readonly ('json_schema_strict' | 'json_schema' | 'json_object')[];
  /** Before each response. */
  readonly latencyMs?: number;
  /** With each response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How many of the last requests to keep. */
  readonly keep?: number;
  readonly port?: number;
}

export interface SeenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: ChatBody;
  readonly behaviour: Behaviour;
}

export interface FaultStats {
  readonly nRequests: number;
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** Whole answers sent, each of which would be paid. */
  readonly nAnswered: number;
  /** Of these, answers to what had been answered before. */
  readonly nAnsweredAgain: number;
}

/**
 * A server with the OpenAI interface that fails as real ones do, as a script tells it. What it answers depends on the
 * request alone.
 */
export class FaultServer {
  /** The last requests, oldest first. */
  readonly requests: SeenRequest[] = [];
  private readonly server: Server;
  private readonly answered = new Set<string>();
  private readonly script: Behaviour[];
  private readonly watchers: ((request: SeenRequest) => void)[] = [];
  private nRequests = 0;
  private inFlight = 0;
  private maxInFlight = 0;
  private nAnswered = 0;

  private constructor(private readonly options: FaultServerOptions) {
    this.script = [...(options.script ?? [])];
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url, headers } = request;
        if (url === '/stats') response.end(JSON.stringify(this.stats));
        else if (url !== '/v1/chat/completions') send(response, 404, 'page not found', 'text/plain');
        else this.take({ body: JSON.parse(Buffer.concat(chunks).toString()) as ChatBody, headers, response });
      });
    });
    // A connection that the client keeps must not be closed under a request that is on its way.
    this.server.keepAliveTimeout = 60_000;
  }

  static async start(options: FaultServerOptions = {}): Promise<FaultServer> {
    const faults = new FaultServer(options);
    await new Promise<void>((resolve) => faults.server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return faults;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  get stats(): FaultStats {
    const { nRequests, inFlight, maxInFlight, nAnswered } = this;
    return { nRequests, inFlight, maxInFlight, nAnswered, nAnsweredAgain: nAnswered - this.answered.size };
  }

  /** Wait for the next request to arrive. */
  async nextRequest(): Promise<SeenRequest> {
    return new Promise((resolve) => this.watchers.push(resolve));
  }

  /** Close it, hanging requests included. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private take(exchange: Exchange): void {
    const { body, headers, response } = exchange;
    const behaviour = this.behaviourFor(body);
    this.nRequests++;
    this.inFlight++;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    const seen = { headers, body, behaviour };
    this.requests.push(seen);
    for (const watcher of this.watchers.splice(0)) watcher(seen);
    if (this.requests.length > (this.options.keep ?? 1000)) this.requests.shift();
    response.on('close', () => this.inFlight--);
    for (const [name, value] of Object.entries(this.options.headers ?? {})) response.setHeader(name, value);
    const respond = (): void => {
      BEHAVIOURS[behaviour](exchange);
      if (!PAID.has(behaviour)) return;
      this.nAnswered++;
      this.answered.add(digestOf(body).toString('base64'));
    };
    const { latencyMs = 0 } = this.options;
    if (latencyMs > 0) setTimeout(respond, latencyMs);
    else respond();
  }

  private behaviourFor({ model, response_format: format }: ChatBody): Behaviour {
    const { formats } = this.options;
    const asked = format?.json_schema?.strict === true ? 'json_schema_strict' : format?.type;
    if (formats !== undefined && asked !== undefined && !formats.some((known) => known === asked)) {
      return 'rejects_response_format';
    }
    const scripted = this.script.shift();
    if (scripted !== undefined) return scripted;
    return Object.hasOwn(BEHAVIOURS, model) ? (model as Behaviour) : 'ok';
  }
}
