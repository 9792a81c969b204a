import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { TagdistillError, messageOf } from '../core/errors.js';

/**
 * Writes lines to standard output, or to a file that appears under its name only when it is whole.
 *
 * Waits where the reader is slow, so that memory stays flat.
 */
export class LineWriter {
  private readonly temporary: string;
  private readonly file: WriteStream | undefined;
  private failure: Error | undefined;

  constructor(private readonly out: string | undefined) {
    this.temporary = `${out ?? ''}.tmp-${randomBytes(4).toString('hex')}`;
    this.file = out === undefined ? undefined : createWriteStream(this.temporary, { flags: 'wx' });
    this.file?.on('error', (error: Error) => (this.failure = error));
  }

  async write(line: string): Promise<void> {
    this.check();
    const stream = this.file ?? process.stdout;
    if (!stream.write(`${line}\n`)) {
      await once(stream, 'drain').catch((error: unknown) => this.refuse(error));
    }
  }

  async close(): Promise<void> {
    this.check();
    const { file, out } = this;
    if (file === undefined || out === undefined) return;
    try {
      await new Promise<void>((resolve, reject) => {
        file.on('error', reject);
        file.end(resolve);
      });
      await rename(this.temporary, out);
    } catch (error) {
      await this.abort();
      this.refuse(error);
    }
  }

  /** Give up: no file is left. */
  async abort(): Promise<void> {
    if (this.file === undefined) return;
    this.file.destroy();
    await rm(this.temporary, { force: true });
  }

  private check(): void {
    if (this.failure !== undefined) this.refuse(this.failure);
  }

  private refuse(cause: unknown): never {
    throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
      file: this.out ?? 'standard output',
      hint: 'Check the folder, free space and permissions; no half file was left.',
      cause,
    });
  }
}
