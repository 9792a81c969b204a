import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { progressBar } from '../../src/cli/progress-bar.js';

let stderr = '';
const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
const asTerminal = (value: boolean): void => {
  Object.defineProperty(process.stderr, 'isTTY', { value, configurable: true });
};

beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  if (isTTY === undefined) Reflect.deleteProperty(process.stderr, 'isTTY');
  else Object.defineProperty(process.stderr, 'isTTY', isTTY);
});

function work(options: Parameters<typeof progressBar>[0]): string {
  const bar = progressBar(options);
  bar.onProgress({ stage: 'read', done: 5 });
  bar.onProgress({ stage: 'train', done: 1, total: 4, figures: { loss: 1.23456 } });
  bar.onProgress({ stage: 'train', done: 4, total: 4, figures: { loss: 0.5 } });
  bar.stop();
  return stderr;
}

it('shows each stage with its count, share and figures on a terminal', () => {
  asTerminal(true);
  const shown = work({});
  expect(shown).toContain('read  5');
  expect(shown).toMatch(/train {2}.*100 % 4\/4 .*loss 0\.5000/);
});

it.each([
  ['a pipe', false, {}],
  ['a terminal with --json', true, { json: true }],
  ['a terminal with --quiet', true, { quiet: true }],
])('shows nothing on %s', (_, terminal, options) => {
  asTerminal(terminal);
  expect(work(options)).toBe('');
});

it('shows large rates as people read them', () => {
  asTerminal(true);
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const bar = progressBar({});
  bar.onProgress({ stage: 'score', done: 0 });
  now.mockReturnValue(1000);
  bar.onProgress({ stage: 'score', done: 18_700 });
  bar.stop();
  expect(stderr).toContain('18,700/s');
});
