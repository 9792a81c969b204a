import { randomBytes } from 'node:crypto';

/** Make an id of a run: its kind, when it began, and so many random bytes, e.g. `run-20260101T120000-a1b2c3`. */
export function newRunId(kind: string, now: number, nBytes: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/gu, '');
  return `${kind}-${time}-${randomBytes(nBytes).toString('hex')}`;
}
