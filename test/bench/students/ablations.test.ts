import { describe, expect, it } from 'vitest';
import { ABLATIONS, repeatsDefault } from '../../../bench/students/ablations.js';
import { SYSTEMS } from '../../../bench/students/systems.js';
import type { DataFacts } from '../../../student/settings.js';

const FEW_USES: DataFacts = { nTraining: 1_856, nTags: 13_000, nUses: 35_000 };
const MANY_USES: DataFacts = { nTraining: 20_716, nTags: 493, nUses: 75_000 };

const repeatedFor = (facts: DataFacts) =>
  ABLATIONS.filter((ablation) => repeatsDefault(ablation, facts)).map(({ name }) =>
    name.replace('tagdistill-', ''),
  );

describe('ablations', () => {
  it('have names of their own, so that none is taken for another or for a peer', () => {
    const names = [...SYSTEMS, ...ABLATIONS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are left out where the student chooses the same by itself, whichever settings it chose', () => {
    expect(repeatedFor(FEW_USES)).toEqual(['decoupled', 'no-hidden', 'no-linear']);
    expect(repeatedFor(MANY_USES)).toEqual(['bce', 'lead', 'hidden']);
  });

  it('keep a fixed weight of the lead where the default would try another', () => {
    expect(repeatedFor({ ...FEW_USES, nTraining: 50_000, nUses: 200_000 })).toContain('no-lead');
    expect(repeatedFor(FEW_USES)).not.toContain('no-lead');
  });
});
