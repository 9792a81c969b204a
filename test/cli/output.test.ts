import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TagdistillError } from '../../src/core/errors.js';
import { figure, printProblems, printReport, problemsForJson, table } from '../../src/cli/output.js';

let stdout = '';
let stderr = '';

beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});
afterEach(() => vi.restoreAllMocks());

describe('table', () => {
  it('lines up Chinese, full-width forms and emoji by the columns that they take', () => {
    expect(
      table(
        ['tag', 'n'],
        [
          ['历史', '1'],
          ['ＡＢ', '22'],
          ['👩🏽‍🏫', '3'],
          ['plain', '4'],
        ],
      ),
    ).toEqual(['tag     n', '历史    1', 'ＡＢ   22', '👩🏽‍🏫      3', 'plain   4']);
  });

  it('keeps a line break or an escape code of a tag out of the layout', () => {
    const [, row] = table(['tag', 'n'], [['red\u001b[31m\nline\u202e', '1']]);
    expect(row).toBe('red\\u001b[31m\\u000aline\\u202e  1');
  });
});

describe('printReport', () => {
  it('prints one JSON document, or lines, or nothing', () => {
    printReport({ a: 1 }, { json: true, quiet: true }, () => ['lines']);
    expect(JSON.parse(stdout)).toEqual({ a: 1 });
    stdout = '';
    printReport({ a: 1 }, {}, () => ['one', 'two']);
    expect(stdout).toBe('one\ntwo\n');
    stdout = '';
    printReport({ a: 1 }, { quiet: true }, () => ['lines']);
    expect(stdout).toBe('');
  });
});

describe('printProblems', () => {
  const problems = Array.from({ length: 7 }, (_, i) => {
    return new TagdistillError('E_BAD_ROW', `odd ${i}`, { file: 'a.jsonl', line: i + 1, hint: 'Mend it.' });
  });

  it('shows the first five rows with their place, how many more there are, and the next step', () => {
    printProblems(1234, problems, {});
    expect(stderr.split('\n')).toEqual([
      '1,234 rows were left out; --strict stops at the first',
      ...[0, 1, 2, 3, 4].map((i) => `  a.jsonl:${i + 1}: odd ${i}`),
      '  ... and 1,229 more',
      '  next: Mend it.',
      '',
    ]);
  });

  it('is not silenced by --quiet, so that no row disappears unseen', () => {
    printProblems(1, problems.slice(0, 1), { quiet: true });
    expect(stderr).toContain('1 row was left out');
  });

  it('leaves them to the document with --json, each with file and line', () => {
    printProblems(7, problems, { json: true });
    expect(stderr).toBe('');
    expect(problemsForJson(problems)[6]).toMatchObject({ file: 'a.jsonl', line: 7, hint: 'Mend it.' });
  });
});

describe('figure', () => {
  it('shows a dash for what was not measured', () => {
    expect([figure(0.25), figure(NaN), figure(undefined)]).toEqual(['0.2500', '-', '-']);
  });
});
