import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, TagdistillError } from '../../src/core/errors.js';
import { show } from '../../src/dataset/show.js';
import { dataUrl, type MediaProblem } from './images.js';

const run = promisify(execFile);
const FFMPEG_TIMEOUT_MS = 120_000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
// Playlists could name addresses or other formats; a video of the user's is a file.
const FILES_ONLY = ['-protocol_whitelist', 'file,pipe'];

export interface FrameOptions {
  readonly nFrames: number;
  /** Longest side of a frame, in pixels. */
  readonly maxSide?: number;
  readonly signal?: AbortSignal;
}

/** The program that reads videos: that of `TAGDISTILL_FFMPEG`, else `ffmpeg` on the path. */
function ffmpeg(): string {
  const named = process.env['TAGDISTILL_FFMPEG']?.trim() ?? '';
  return named === '' ? 'ffmpeg' : named;
}

/**
 * See that ffmpeg runs.
 *
 * @throws TagdistillError `E_PACKAGE_MISSING` where it does not
 */
export async function requireFfmpeg(): Promise<void> {
  try {
    await run(ffmpeg(), ['-version'], { timeout: FFMPEG_TIMEOUT_MS });
  } catch (cause) {
    throw new TagdistillError(
      'E_PACKAGE_MISSING',
      `items have videos, but ${ffmpeg()} does not run: ${messageOf(cause).split('\n')[0] ?? ''}`,
      {
        hint: 'Install ffmpeg, set TAGDISTILL_FFMPEG to its program, or leave the videos out of the items.',
        cause,
      },
    );
  }
}

/** Find the video file that a cell names; null where it names none. */
export async function findVideo(
  field: string,
  cell: unknown,
  baseDir: string,
): Promise<string | null | MediaProblem> {
  if (cell === undefined || cell === null || cell === '') return null;
  if (typeof cell !== 'string' || /^[a-z][a-z\d+.-]+:/iu.test(cell)) {
    return {
      message: `"${field}" should be the path of a video file, found ${show(cell)}`,
      hint: 'Fetch the video first, and give the path of the file.',
    };
  }
  const path = isAbsolute(cell) ? cell : resolve(baseDir, cell);
  try {
    const found = await stat(path);
    if (found.isFile() && found.size > 0) return path;
    const what = found.isFile() ? 'has 0 bytes' : 'is no file';
    return { message: `the video ${path} ${what}`, hint: 'Copy it again, or leave it out.' };
  } catch (cause) {
    return {
      message: `cannot read the video ${path}: ${messageOf(cause)}`,
      hint: 'Check the path; a relative one starts from the folder of the items file.',
    };
  }
}

/**
 * Take frames of a video as data URLs of JPEG images, in order of time: the middles of `nFrames` parts of one length.
 *
 * The same ffmpeg gives the same bytes again. A place at which nothing decodes gives no frame; of a video that does
 * not tell its length only the first frame is taken.
 *
 * @throws TagdistillError `E_PACKAGE_MISSING` without ffmpeg; `E_ABORTED`
 */
export async function sampleFrames(
  path: string,
  { nFrames, maxSide = 512, signal }: FrameOptions,
): Promise<string[] | MediaProblem> {
  const info = await ask(['-i', `file:${path}`], signal);
  const seconds = durationOf(info.stderr);
  const times =
    seconds === null ? [0] : Array.from({ length: nFrames }, (_, i) => ((i + 0.5) / nFrames) * seconds);
  const frames: string[] = [];
  let told = info.stderr;
  for (const time of times) {
    const { stdout, stderr } = await ask(frameArguments(path, time, maxSide), signal);
    if (stdout.length > 0) frames.push(dataUrl(stdout));
    else told = stderr;
  }
  if (frames.length > 0) return frames;
  const reason = told.toString('utf8').trim().split('\n').at(-1) ?? '';
  return {
    message: `no frame of the video ${path} can be read: ${reason}`,
    hint: 'See that ffmpeg plays it.',
  };
}

function frameArguments(path: string, seconds: number, maxSide: number): string[] {
  const side = (input: string): string => `'min(${maxSide},${input})'`;
  return [
    ...['-ss', seconds.toFixed(3), '-i', `file:${path}`, '-frames:v', '1', '-an', '-sn', '-dn'],
    ...['-vf', `scale=${side('iw')}:${side('ih')}:force_original_aspect_ratio=decrease`],
    ...['-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p', '-flags:v', '+bitexact', '-threads', '1'],
    ...['-f', 'image2pipe', 'pipe:1'],
  ];
}

function durationOf(stderr: Buffer): number | null {
  const found = /Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/u.exec(stderr.toString('utf8'));
  if (found === null) return null;
  return Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]);
}

/** Run ffmpeg; its exit status says little, as it is 1 where it was asked for no output. */
async function ask(
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ stdout: Buffer; stderr: Buffer }> {
  const all = ['-hide_banner', '-nostdin', ...FILES_ONLY, ...args];
  return new Promise((resolve, reject) => {
    execFile(
      ffmpeg(),
      all,
      {
        encoding: 'buffer',
        maxBuffer: MAX_FRAME_BYTES,
        timeout: FFMPEG_TIMEOUT_MS,
        ...(signal !== undefined && { signal }),
      },
      (error, stdout, stderr) => {
        if (signal?.aborted === true) {
          reject(new TagdistillError('E_ABORTED', 'reading a video was stopped', { cause: signal.reason }));
        } else if (error !== null && error.code === 'ENOENT') {
          requireFfmpeg().then(() => {
            resolve({ stdout, stderr });
          }, reject);
        } else resolve({ stdout, stderr });
      },
    );
  });
}
