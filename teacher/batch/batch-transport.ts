import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Batch } from 'openai/resources/batches';
import { clientOptions, WholeErrorClient, type ConnectionOptions } from '../client/whole-error-client.js';

export type { Batch } from 'openai/resources/batches';

export interface NewBatch {
  readonly fileId: string;
  readonly shardId: string;
}

/** Marks our batches at the server: the id of the shard stands under it. */
const MARK = 'tagdistill_shard';
const MOST_PAGES = 200;

/**
 * Carries files and batches by the `openai` client, each request once. Loading this file loads that package.
 *
 * It sends by the runtime's own fetch, whose forms it can carry with their length.
 */
export class BatchTransport {
  private readonly client: WholeErrorClient;

  constructor(options: ConnectionOptions) {
    this.client = new WholeErrorClient({ ...clientOptions(options), fetchOptions: { redirect: 'manual' } });
  }

  /** Upload the file of a batch, read from the disk as it is sent. @returns its id */
  async upload(path: string, signal?: AbortSignal): Promise<string> {
    const blob = await openAsBlob(path, { type: 'application/jsonl' });
    const file = new File([blob], basename(path), { type: blob.type });
    const { id } = await this.client.files.create({ file, purpose: 'batch' }, options(signal));
    return id;
  }

  create({ fileId, shardId }: NewBatch, signal?: AbortSignal): Promise<Batch> {
    return this.client.batches.create(
      {
        input_file_id: fileId,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
        metadata: { [MARK]: shardId },
      },
      options(signal),
    );
  }

  /** The server's batch of a shard; null where it has none. @throws Error where there are too many to look through */
  async find(shardId: string, signal?: AbortSignal): Promise<Batch | null> {
    let page = await this.client.batches.list({ limit: 100 }, options(signal));
    for (let nPages = 1; ; nPages++) {
      const found = page.data.find(({ metadata }) => metadata?.[MARK] === shardId);
      if (found !== undefined) return found;
      if (!page.hasNextPage()) return null;
      if (nPages === MOST_PAGES) throw new Error(`not among the first ${MOST_PAGES} pages of batches`);
      page = await page.getNextPage();
    }
  }

  retrieve(batchId: string, signal?: AbortSignal): Promise<Batch> {
    return this.client.batches.retrieve(batchId, options(signal));
  }

  /** The body of a file, as it comes. */
  async content(fileId: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.client.files.content(fileId, options(signal));
    if (response.body === null) return new Blob([]).stream() as unknown as AsyncIterable<Uint8Array>;
    return response.body as unknown as AsyncIterable<Uint8Array>;
  }
}

function options(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
