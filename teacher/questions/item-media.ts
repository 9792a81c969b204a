import { TagdistillError } from '../../src/core/errors.js';
import type { RowPlace } from '../../src/dataset/row-problems.js';
import { findImages, loadImage, type ImageOptions, type ImageSource, type MediaProblem } from './images.js';
import type { ItemRecord } from './read-item.js';
import { findVideo, requireFfmpeg, sampleFrames } from './video-frames.js';

export interface MediaOptions {
  /** Field with an image's path, http(s) URL or data URL, or a list of them; relative to the items file. */
  readonly imageField?: string;
  /** Field with the path of a video file, relative to the items file. */
  readonly videoField?: string;
  /** Frames taken of a video, evenly. */
  readonly nFrames?: number;
  /** Longest side of a frame, in pixels. */
  readonly maxFrameSide?: number;
  /** Largest image; larger ones make the item a problem. */
  readonly maxImageBytes?: number;
  readonly signal?: AbortSignal;
}

/** The images and the video of one item: found, not read yet. */
export interface FoundMedia {
  /** 0 where there is nothing to look at; a video counts as one. */
  readonly nImages: number;
  readonly images: readonly ImageSource[];
  readonly video: string | null;
}

const DEFAULT_MAX_IMAGE_BYTES = 20_000_000;

/** Finds what items have to look at, and reads it when it is asked for. */
export class ItemMedia {
  private readonly imageField: string;
  private readonly videoField: string;
  private readonly imageOptions: ImageOptions;
  private ffmpeg: Promise<void> | undefined;

  /** @param baseDir where relative paths start */
  constructor(
    private readonly baseDir: string,
    private readonly options: MediaOptions,
  ) {
    const { imageField = 'images', videoField = 'video', maxImageBytes = DEFAULT_MAX_IMAGE_BYTES } = options;
    this.imageField = imageField;
    this.videoField = videoField;
    this.imageOptions = { baseDir, maxBytes: maxImageBytes };
  }

  /** @throws TagdistillError `E_PACKAGE_MISSING` for a video without ffmpeg */
  async find(record: ItemRecord): Promise<FoundMedia | MediaProblem> {
    const images = await findImages(this.imageField, record[this.imageField], this.imageOptions);
    if ('message' in images) return images;
    const video = await findVideo(this.videoField, record[this.videoField], this.baseDir);
    if (typeof video === 'object' && video !== null) return video;
    if (video !== null) await (this.ffmpeg ??= requireFfmpeg());
    return { nImages: images.length + (video === null ? 0 : 1), images, video };
  }

  /** Leave out the images of a record that hold the image itself, which no table of items should carry. */
  withoutData(record: ItemRecord): ItemRecord {
    const cell = record[this.imageField];
    if (!JSON.stringify(cell ?? null).includes('data:')) return record;
    return Object.fromEntries(Object.entries(record).filter(([name]) => name !== this.imageField));
  }

  /**
   * Read an item's images, then its frames, as URLs to send.
   *
   * @throws TagdistillError `E_BAD_ROW`, with the place of the item, where one cannot be read; `E_ABORTED`
   */
  async load({ images, video }: FoundMedia, place: RowPlace): Promise<string[]> {
    const urls: string[] = [];
    for (const source of images) urls.push(whole(await loadImage(source, this.imageOptions), place));
    if (video !== null) {
      const { nFrames = 8, maxFrameSide, signal } = this.options;
      const frames = await sampleFrames(video, {
        nFrames,
        ...(maxFrameSide !== undefined && { maxSide: maxFrameSide }),
        ...(signal !== undefined && { signal }),
      });
      urls.push(...whole(frames, place));
    }
    return urls;
  }
}

function whole<T extends string | string[]>(loaded: T | MediaProblem, place: RowPlace): T {
  if (isProblem(loaded))
    throw new TagdistillError('E_BAD_ROW', loaded.message, { hint: loaded.hint, ...place });
  return loaded;
}

function isProblem(loaded: string | string[] | MediaProblem): loaded is MediaProblem {
  return typeof loaded === 'object' && 'message' in loaded;
}
