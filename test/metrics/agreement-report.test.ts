import { describe, expect, it } from 'vitest';
import { AgreementReport } from '../../src/metrics/index.js';

describe('AgreementReport', () => {
  it('sets student and teacher side by side only on items that were asked twice', () => {
    const report = new AgreementReport<string>({ keep: ['P@1'] });
    report.add(['a'], new Set(['a']), { second: ['x'] });
    report.add(['b'], new Set(['x']));
    report.add(['c'], new Set(['y']), { second: ['y'] });
    const { student, studentWhereRepeated, teacher } = report.finish();
    expect(student.nItems).toBe(3);
    expect(student.means['P@1']).toBeCloseTo(1 / 3, 12);
    expect([...studentWhereRepeated.perItem['P@1']!]).toEqual([1, 0]);
    expect([...teacher.perItem['P@1']!]).toEqual([0, 1]);
  });

  it('counts an empty second answer as one, with nothing in common', () => {
    const report = new AgreementReport<string>();
    report.add(['a'], new Set(['a']), { second: [] });
    const { teacher } = report.finish();
    expect(teacher.nItems).toBe(1);
    expect(teacher.means.MRR).toBe(0);
  });
});
