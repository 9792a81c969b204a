import type { CallRow } from '../../src/dataset/rows.js';

const KEY = /^[0-9a-f]{32}$/u;
const MAX_ATTEMPT = 2 ** 32 - 1;
const STATUSES: ReadonlySet<unknown> = new Set(['ok', 'unparseable', 'failed'] satisfies CallRow['status'][]);

/** Tell whether a question's key can stand in the journal: 32 lower-case hex digits. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** Say why a value is no call that the journal can keep; null if it is one. */
export function whyNoCall(value: unknown): string | null {
  if (!isRecord(value)) return 'no object';
  const { key, attempt, status, cost_microusd: cost } = value;
  if (typeof key !== 'string' || !isKey(key)) return `key ${show(key)} is not 32 hex digits`;
  if (!Number.isInteger(attempt) || (attempt as number) < 0 || (attempt as number) > MAX_ATTEMPT) {
    return `attempt ${show(attempt)} is not a whole number from 0 to ${MAX_ATTEMPT}`;
  }
  if (!STATUSES.has(status)) return `status ${show(status)} is not one of ${[...STATUSES].join(', ')}`;
  if (cost !== null && !(Number.isFinite(cost) && (cost as number) >= 0)) {
    return `cost_microusd ${show(cost)} is neither null nor a finite number from 0`;
  }
  return null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// JSON has no NaN.
function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}
