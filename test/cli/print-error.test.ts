import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TagdistillError } from '../../src/core/errors.js';
import { printError } from '../../src/cli/print-error.js';

let stderr = '';

beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const error = new TagdistillError('E_BAD_ROW', 'odd\u001b[2J', {
  file: 'a.jsonl',
  line: 3,
  hint: 'Mend it.',
  cause: new Error('deeper'),
});

it('prints place, message, next step and code, and no control character of the input', () => {
  printError(error, { json: false });
  expect(stderr).toBe('error: a.jsonl:3: odd\\u001b[2J\n  next: Mend it.\n  code: E_BAD_ROW\n');
});

it('prints one JSON line for programs', () => {
  printError(error, { json: true });
  expect(stderr.split('\n')).toHaveLength(2);
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'E_BAD_ROW',
      message: 'a.jsonl:3: odd\u001b[2J',
      hint: 'Mend it.',
      file: 'a.jsonl',
      line: 3,
    },
  });
});

it('keeps the stack and the cause for TAGDISTILL_DEBUG=1', () => {
  vi.stubEnv('TAGDISTILL_DEBUG', undefined);
  printError(new RangeError('no known error'), { json: false });
  expect(stderr).toBe('error: no known error\n');
  vi.stubEnv('TAGDISTILL_DEBUG', '1');
  printError(error, { json: false });
  expect(stderr).toContain('print-error.test.ts');
  expect(stderr).toContain('cause: deeper');
});
