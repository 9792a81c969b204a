import { execFileSync } from 'node:child_process';
import { packagePath } from '../../../src/core/package-info.js';

/**
 * Find an ffmpeg: that of TAGDISTILL_FFMPEG, the one on the path, or that of PyPI's imageio-ffmpeg.
 *
 * @returns null, with a printed notice, where there is none; with TAGDISTILL_NO_SKIP=1 that throws
 */
export function findFfmpeg(): string | null {
  const named = process.env['TAGDISTILL_FFMPEG'] ?? 'ffmpeg';
  const found = [named, fromPython(packagePath('.python', 'bin', 'python')), fromPython('python3')].find(
    (program) => program !== null && runs(program),
  );
  if (found !== undefined) return found;
  const notice = 'there is no ffmpeg: install it, set TAGDISTILL_FFMPEG, or pip install imageio-ffmpeg';
  if (process.env['TAGDISTILL_NO_SKIP'] === '1') throw new Error(notice);
  console.warn(`skipped: ${notice}`);
  return null;
}

function fromPython(python: string): string | null {
  try {
    const script = 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())';
    return execFileSync(python, ['-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
