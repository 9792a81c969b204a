import { afterEach, expect, it, vi } from 'vitest';
import { paint } from '../../src/cli/style.js';

afterEach(() => vi.unstubAllEnvs());

it('colours on a terminal, whatever standard output is', () => {
  vi.stubEnv('NO_COLOR', undefined);
  expect(paint({ isTTY: true }).red('x')).toBe('\u001b[31mx\u001b[39m');
});

it('colours nothing in a pipe', () => {
  vi.stubEnv('NO_COLOR', undefined);
  expect(paint({}).red('x')).toBe('x');
});

it('colours nothing where NO_COLOR is set, but an empty NO_COLOR counts as unset', () => {
  vi.stubEnv('NO_COLOR', '1');
  expect(paint({ isTTY: true }).red('x')).toBe('x');
  vi.stubEnv('NO_COLOR', '');
  expect(paint({ isTTY: true }).red('x')).not.toBe('x');
});
