import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { TagdistillError, messageOf } from '../core/errors.js';
import { planDestination, type Destination } from './destination.js';

/**
 * Writes lines to standard output, or to a file that appears under its name only when it is whole.
 *
 * Waits where the reader is slow, so that memory stays flat.
 */
export class LineWriter {
  private failure: Error | undefined;

  private constructor(
    private readonly stream: Writable,
    private readonly name: string,
    private readonly destination: Destination | undefined,
  ) {
    if (destination !== undefined) stream.on('error', (error: Error) => (this.failure = error));
  }

  /**
   * Open the file, or standard output where none is given.
   *
   * @throws TagdistillError `E_FILE_WRITE`
   */
  static async open(out: string | undefined): Promise<LineWriter> {
    if (out === undefined) return new LineWriter(process.stdout, 'standard output', undefined);
    const destination = await planDestination(out);
    const { path, temporary } = destination;
    const handle = await open(temporary ?? path, temporary === undefined ? 'w' : 'wx').catch(
      (cause: unknown) => refuse(out, cause),
    );
    return new LineWriter(handle.createWriteStream(), out, destination);
  }

  async write(line: string): Promise<void> {
    this.check();
    if (!this.stream.write(`${line}\n`)) {
      await once(this.stream, 'drain').catch((error: unknown) => refuse(this.name, error));
    }
  }

  async close(): Promise<void> {
    this.check();
    const { stream, destination } = this;
    if (destination === undefined) return;
    try {
      await new Promise<void>((resolve, reject) => {
        stream.on('error', reject);
        stream.end(resolve);
      });
      if (destination.temporary !== undefined) await rename(destination.temporary, destination.path);
    } catch (error) {
      await this.abort();
      refuse(this.name, error);
    }
  }

  /** Give up: no file is left. */
  async abort(): Promise<void> {
    if (this.destination === undefined) return;
    this.stream.destroy();
    if (this.destination.temporary !== undefined) await rm(this.destination.temporary, { force: true });
  }

  private check(): void {
    if (this.failure !== undefined) refuse(this.name, this.failure);
  }
}

function refuse(file: string, cause: unknown): never {
  throw new TagdistillError('E_FILE_WRITE', `cannot write: ${messageOf(cause)}`, {
    file,
    hint: 'Check the folder, free space and permissions; no half file was left.',
    cause,
  });
}
