import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request of a batch, as its file has it. */
export interface BatchLine {
  readonly custom_id: string;
  readonly method: string;
  readonly url: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [param: string]: unknown;
  };
}

export interface ServerBatch {
  readonly id: string;
  readonly object: 'batch';
  readonly endpoint: string;
  readonly input_file_id: string;
  readonly completion_window: string;
  readonly created_at: number;
  readonly metadata: Readonly<Record<string, string>> | null;
  status: string;
  output_file_id?: string;
  error_file_id?: string;
  errors?: { object: 'list'; data: { code: string; message: string }[] };
  request_counts: { total: number; completed: number; failed: number };
}

/** How a batch ends, and what its files hold. */
export interface BatchEnd {
  readonly status: 'completed' | 'failed' | 'expired' | 'cancelled';
  readonly output: readonly (object | string)[];
  readonly errors?: readonly (object | string)[];
  /** Why the batch failed as a whole. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** What the server does with one HTTP request in place of an answer. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'drop' }
  /** Does what was asked, then drops the connection before it says so. */
  | { readonly kind: 'drop_after' }
  /** Sends so many bytes of the body, then calls `then`, or drops the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly then?: () => void }
  | null;

export interface Seen {
  readonly method: string;
  /** Below `/v1`, e.g. `/batches/batch_1`. */
  readonly path: string;
  /** 1 for the first request of this method and path with ids left out, e.g. `GET /batches/*`. */
  readonly nth: number;
}

export interface BatchServer {
  readonly baseUrl: string;
  readonly batches: ServerBatch[];
  /** The requests of each batch, by its id. */
  readonly lines: Map<string, BatchLine[]>;
  readonly keys: Set<string>;
  /** Looks at a batch until it is over. */
  looks: number;
  end: (lines: readonly BatchLine[], batch: ServerBatch) => BatchEnd;
  /** Online calls. */
  chat: (body: BatchLine['body']) => object;
  nChats: number;
  fault: (seen: Seen) => Fault;
  close(): Promise<void>;
}

const OVER = ['completed', 'failed', 'expired', 'cancelled'];

/** Start a server with files, batches and chat completions of the OpenAI interface, all in memory. */
export async function startBatchServer(answer: (body: BatchLine['body']) => object): Promise<BatchServer> {
  const files = new Map<string, string>();
  const nLooks = new Map<string, number>();
  const nSeen = new Map<string, number>();
  let nFiles = 0;

  const finish = (batch: ServerBatch): void => {
    const { status, output, errors = [], refusal } = state.end(state.lines.get(batch.id) ?? [], batch);
    batch.status = status;
    const store = (lines: readonly (object | string)[]): string => {
      const id = `file-${++nFiles}`;
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      files.set(id, text.map((line) => `${line}\n`).join(''));
      return id;
    };
    if (output.length > 0) batch.output_file_id = store(output);
    if (errors.length > 0) batch.error_file_id = store(errors);
    if (refusal !== undefined) batch.errors = { object: 'list', data: [{ ...refusal }] };
    batch.request_counts = {
      total: batch.request_counts.total,
      completed: output.length,
      failed: errors.length,
    };
  };

  const serve = (
    method: string,
    path: string,
    body: Buffer,
    query: URLSearchParams,
  ): object | string | null => {
    const [, kind, id, verb] = path.split('/');
    if (path === '/chat/completions') {
      state.nChats++;
      return state.chat(JSON.parse(body.toString()) as BatchLine['body']);
    }
    if (method === 'POST' && path === '/files') {
      const fileId = `file-${++nFiles}`;
      files.set(fileId, fileOf(body));
      return { id: fileId, object: 'file', purpose: 'batch', bytes: body.length, filename: 'x.jsonl' };
    }
    if (method === 'GET' && kind === 'files' && verb === 'content') return files.get(id!) ?? null;
    if (method === 'POST' && path === '/batches') {
      const { input_file_id, endpoint, completion_window, metadata } = JSON.parse(
        body.toString(),
      ) as ServerBatch;
      const text = files.get(input_file_id);
      if (text === undefined) return null;
      const lines = text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as BatchLine);
      const batch: ServerBatch = {
        id: `batch_${state.batches.length + 1}`,
        object: 'batch',
        ...{ endpoint, input_file_id, completion_window, metadata },
        created_at: 1_760_000_000,
        status: 'validating',
        request_counts: { total: lines.length, completed: 0, failed: 0 },
      };
      state.batches.push(batch);
      state.lines.set(batch.id, lines);
      return batch;
    }
    if (method === 'GET' && path === '/batches') {
      const newestFirst = [...state.batches].reverse();
      const after = newestFirst.findIndex((batch) => batch.id === query.get('after'));
      const data = newestFirst.slice(after + 1, after + 3);
      return { object: 'list', data, has_more: after + 3 < newestFirst.length };
    }
    const batch = state.batches.find((known) => known.id === id);
    if (method !== 'GET' || kind !== 'batches' || batch === undefined) return null;
    const looks = (nLooks.get(batch.id) ?? 0) + 1;
    nLooks.set(batch.id, looks);
    if (looks >= state.looks && !OVER.includes(batch.status)) finish(batch);
    else if (!OVER.includes(batch.status)) batch.status = 'in_progress';
    return batch;
  };

  const handle = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const url = new URL(request.url ?? '/', 'http://server');
    const path = url.pathname.replace(/^\/v1/u, '');
    const method = request.method ?? '';
    state.keys.add(request.headers.authorization ?? '');
    const name = `${method} ${path.replace(/(file-|batch_)\d+/u, '*')}`;
    const nth = (nSeen.get(name) ?? 0) + 1;
    nSeen.set(name, nth);
    const fault = state.fault({ method, path, nth });
    if (fault?.kind === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === 'status') {
      send(response, fault.status, { error: { message: `status ${fault.status}` } }, fault.headers);
      return;
    }
    const found = serve(method, path, body, url.searchParams);
    if (fault?.kind === 'drop_after') request.socket.destroy();
    else if (fault?.kind === 'cut') {
      const text = typeof found === 'string' ? found : JSON.stringify(found);
      response.writeHead(200, { 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, fault.afterBytes), fault.then ?? (() => request.socket.destroy()));
    } else if (found === null) send(response, 404, { error: { message: `there is no ${path}` } });
    else if (typeof found === 'string') response.writeHead(200).end(found);
    else send(response, 200, found);
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const state: BatchServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    batches: [],
    lines: new Map(),
    keys: new Set(),
    looks: 1,
    end: (lines) => ({
      status: 'completed',
      output: lines.map((line) => outputLine(line, answer(line.body))),
    }),
    chat: answer,
    nChats: 0,
    fault: () => null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}

/** A line of an output file. */
export function outputLine(
  { custom_id }: Pick<BatchLine, 'custom_id'>,
  body: object,
  status_code = 200,
): object {
  return { id: `r-${custom_id}`, custom_id, response: { status_code, request_id: 'r', body }, error: null };
}

/** A line of an error file. */
export function errorLine({ custom_id }: Pick<BatchLine, 'custom_id'>, code: string): object {
  return { id: `r-${custom_id}`, custom_id, response: null, error: { code, message: `because of ${code}` } };
}

/** The file in a form of which it is the only part with a file name. */
function fileOf(body: Buffer): string {
  const text = body.toString();
  const boundary = text.slice(0, text.indexOf('\r\n'));
  const part = text.split(boundary).find((one) => one.includes('filename='));
  if (part === undefined) throw new Error('a form without a file');
  return part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/u, '');
}

function send(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
