import { open, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { messageOf, TagdistillError } from '../../src/core/errors.js';

interface Writer {
  readonly pid: number;
  /** When the process started, in ticks since boot; 0 where the system does not tell. */
  readonly startTicks: number;
  readonly host: string;
}

const NAME = /^writer-(\d+)-(\d+)-(.+)\.lock$/u;

/**
 * Keeps a folder to one writer.
 *
 * Each writer puts up a file that bears its name, and only then looks for others: of two at once, both may be turned
 * away, never let in. The files of dead writers are deleted; their names are their own, so no live one's is hit.
 */
// A pid comes again, in a container at each start: the start time tells a writer from a later process of its pid.
// Other hosts' processes cannot be seen: their locks hold until they are deleted by hand.
export class WriterLock {
  private constructor(private readonly path: string) {}

  /**
   * @param onNotice hears of dead writers
   * @throws TagdistillError `E_FILE_EXISTS` if there is another writer, this process included; `E_FILE_WRITE`
   */
  static async take(dir: string, onNotice?: (text: string) => void): Promise<WriterLock> {
    const self = await thisProcess();
    const own = nameOf(self);
    const path = join(dir, own);
    try {
      await (await open(path, 'wx')).close();
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw occupied(path, self, self);
      throw new TagdistillError('E_FILE_WRITE', `cannot lock the journal: ${messageOf(cause)}`, {
        file: path,
        hint: 'Check free space and permissions of the folder.',
        cause,
      });
    }
    const lock = new WriterLock(path);
    try {
      for (const name of await readdir(dir)) {
        const other = name === own ? null : writerOf(name);
        if (other === null) continue;
        const otherPath = join(dir, name);
        if (!(await isDead(other, self.host))) throw occupied(otherPath, other, self);
        await rm(otherPath, { force: true });
        onNotice?.(`process ${other.pid} ended without closing the journal ${dir}; what it wrote is kept`);
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
    return lock;
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function nameOf({ pid, startTicks, host }: Writer): string {
  return `writer-${pid}-${startTicks}-${host}.lock`;
}

function writerOf(name: string): Writer | null {
  const found = NAME.exec(name);
  return found && { pid: Number(found[1]), startTicks: Number(found[2]), host: found[3]! };
}

async function thisProcess(): Promise<Writer> {
  const host =
    hostname()
      .replace(/[^A-Za-z0-9.-]/gu, '_')
      .slice(0, 100) || 'unknown';
  const state = await processState(process.pid);
  return { pid: process.pid, startTicks: state?.startTicks ?? 0, host };
}

async function isDead({ pid, startTicks, host }: Writer, ownHost: string): Promise<boolean> {
  if (host !== ownHost) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other code tells of a process that may not be signalled.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const now = await processState(pid);
  if (now === null) return false;
  return now.isZombie || (startTicks > 0 && now.startTicks > 0 && now.startTicks !== startTicks);
}

/** What Linux tells of a process; null elsewhere, and where /proc hides it. @see proc_pid_stat(5) */
async function processState(pid: number): Promise<{ startTicks: number; isZombie: boolean } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The name, in parentheses, may hold anything; the fields behind it are numbered from 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startTicks: Number(fields[22 - 3] ?? 0) || 0, isZombie: fields[0] === 'Z' || fields[0] === 'X' };
}

function occupied(path: string, { pid, host }: Writer, self: Writer): TagdistillError {
  const who = pid === self.pid && host === self.host ? `this process, ${pid},` : `process ${pid} on ${host}`;
  const next =
    host === self.host
      ? 'Wait until it ends, or stop it. If it is no run of tagdistill, delete this file.'
      : 'If no run is under way there, delete this file.';
  return new TagdistillError('E_FILE_EXISTS', `${who} has the journal open`, { file: path, hint: next });
}
