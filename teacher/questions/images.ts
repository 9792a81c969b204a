import { open, readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../src/core/errors.js';
import { show } from '../../src/dataset/show.js';
import { HEAD_BYTES, imageTypeOf } from './image-type.js';

/** An image of an item: a file, or what is sent as it stands (an address, or a data URL that was checked). */
export type ImageSource =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'url'; readonly url: string };

/** Why something cannot be used, and what to do about it. */
export interface MediaProblem {
  readonly message: string;
  readonly hint: string;
}

export interface ImageOptions {
  /** Folder that relative paths start from. */
  readonly baseDir: string;
  readonly maxBytes: number;
}

const TYPES_HINT = 'Give a PNG, JPEG, GIF or WebP file, or leave the image out.';

/**
 * Find the images that a cell names, and see that each can be used, reading no more than its first bytes.
 *
 * A cell holds one path, http(s) URL or data URL, or a list of them: an array, a JSON array as text, or texts with
 * `|` between. What an http(s) URL points to is not looked at: the server fetches it.
 */
export async function findImages(
  field: string,
  cell: unknown,
  { baseDir, maxBytes }: ImageOptions,
): Promise<ImageSource[] | MediaProblem> {
  const sources: ImageSource[] = [];
  for (const given of listOf(cell)) {
    if (typeof given !== 'string') {
      return {
        message: `"${field}" should hold paths or URLs of images, found ${show(given)}`,
        hint: 'Give one text, or a list of texts.',
      };
    }
    const source = await findImage(given.trim(), { baseDir, maxBytes });
    if ('message' in source) return source;
    sources.push(source);
  }
  return sources;
}

/** Give the URL to send: a file becomes a data URL, with the media type of its content. */
export async function loadImage(
  source: ImageSource,
  { maxBytes }: ImageOptions,
): Promise<string | MediaProblem> {
  if (source.kind === 'url') return source.url;
  try {
    const bytes = await readFile(source.path);
    return checkContent(bytes, bytes.length, { what: source.path, maxBytes }) ?? dataUrl(bytes);
  } catch (cause) {
    return unreadable(source.path, cause);
  }
}

/** An image as a data URL. */
export function dataUrl(bytes: Buffer): string {
  return `data:${imageTypeOf(bytes) ?? 'application/octet-stream'};base64,${bytes.toString('base64')}`;
}

function listOf(cell: unknown): unknown[] {
  if (cell === undefined || cell === null) return [];
  if (typeof cell !== 'string') return Array.isArray(cell) ? cell : [cell];
  const text = cell.trim();
  if (text.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(text);
      if (Array.isArray(list)) return list;
    } catch {
      // a path may begin so
    }
  }
  const parts = /^data:/iu.test(text) ? [text] : text.split('|');
  return parts.filter((part) => part.trim() !== '');
}

async function findImage(
  given: string,
  { baseDir, maxBytes }: ImageOptions,
): Promise<ImageSource | MediaProblem> {
  if (given === '')
    return { message: 'the path of an image is blank', hint: 'Give a path, or leave it out.' };
  if (/^https?:\/\//iu.test(given)) {
    if (URL.canParse(given)) return { kind: 'url', url: given };
    return { message: `${show(given)} is no valid URL`, hint: 'Mend the address of the image.' };
  }
  if (/^data:/iu.test(given)) return readDataUrl(given, maxBytes);
  const path = /^file:\/\//iu.test(given) ? filePath(given) : given;
  if (path === null)
    return { message: `${show(given)} is no valid URL`, hint: 'Give the path of the image.' };
  return findFile(isAbsolute(path) ? path : resolve(baseDir, path), maxBytes);
}

function filePath(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

async function findFile(path: string, maxBytes: number): Promise<ImageSource | MediaProblem> {
  try {
    const handle = await open(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
      const { size } = await handle.stat();
      return (
        checkContent(head.subarray(0, bytesRead), size, { what: path, maxBytes }) ?? { kind: 'file', path }
      );
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return unreadable(path, cause);
  }
}

function readDataUrl(url: string, maxBytes: number): ImageSource | MediaProblem {
  const comma = url.indexOf(',');
  const what = 'the image in a data URL';
  if (comma < 0 || !/;\s*base64\s*$/iu.test(url.slice(0, Math.min(comma, 200)))) {
    return { message: `${what} is not in base64`, hint: 'Write it as data:image/png;base64,...' };
  }
  const bytes = Buffer.from(url.slice(comma + 1), 'base64');
  return checkContent(bytes, bytes.length, { what, maxBytes }) ?? { kind: 'url', url: dataUrl(bytes) };
}

function checkContent(
  head: Uint8Array,
  sizeBytes: number,
  { what, maxBytes }: { readonly what: string; readonly maxBytes: number },
): MediaProblem | null {
  if (sizeBytes === 0) return { message: `${what} has 0 bytes`, hint: 'Copy it again, or leave it out.' };
  if (imageTypeOf(head) === null) {
    const begin = Buffer.from(head.subarray(0, 8)).toString('hex');
    return {
      message: `${what} is no image that can be sent: its first bytes are ${begin}`,
      hint: TYPES_HINT,
    };
  }
  if (sizeBytes <= maxBytes) return null;
  return {
    message: `${what} has ${sizeBytes} bytes, over the limit of ${maxBytes}`,
    hint: 'Scale it down: 1,024 pixels a side are enough for tags.',
  };
}

function unreadable(path: string, cause: unknown): MediaProblem {
  return {
    message: `cannot read the image ${path}: ${messageOf(cause)}`,
    hint: 'Check the path; a relative one starts from the folder of the items file.',
  };
}
