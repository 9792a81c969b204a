import { describe, expect, it } from 'vitest';
import { SpaceTally } from '../../src/evaluate/space-tally.js';
import { ThresholdCurve } from '../../src/evaluate/threshold-curve.js';

const uses = new Map([
  ['common', 50],
  ['some', 5],
  ['rare', 1],
]);
const vocabulary = new Set(uses.keys());
const scores = (...pairs: (readonly [string, number])[]) => pairs.map(([tag, score]) => ({ tag, score }));

describe('SpaceTally', () => {
  it('gives the figures that a hand computation gives', () => {
    const tally = new SpaceTally(vocabulary, { uses, nTraining: 100 });
    const add = (id: string, truth: string[], ...pairs: (readonly [string, number])[]): void => {
      tally.add({ id, text: id, truth: new Set(truth), scores: scores(...pairs), slice: id });
    };
    add('a', ['common', 'new'], ['common', 0.9], ['some', 0.5]);
    add('b', ['rare'], ['some', 0.8], ['rare', 0.2]);
    add('c', [], ['common', 0.9]);
    const figures = tally.finish();
    expect(figures).toMatchObject({ nItems: 2, nWithoutLabels: 1, nLabelUses: 3, outsideVocabulary: 1 / 3 });
    expect(figures.means['P@1']).toBe(0.5);
    const [first, second] = [1 / (1 + 1 / Math.log2(3)), 1 / Math.log2(3)];
    expect(figures.means['nDCG@5']).toBeCloseTo((first + second) / 2, 12);
    expect(figures.bands).toMatchObject({
      head: { shareOfUses: 1 / 3, nItems: 1, recall: 1, ndcg: 1 },
      tail: { shareOfUses: 1 / 3, nItems: 1, recall: 1, ndcg: 1 / Math.log2(3) },
      unseen: { shareOfUses: 1 / 3, nItems: 1, recall: 0, ndcg: 0 },
    });
    expect(figures.bands.torso.recall).toBeNaN();
    expect(figures.frequency.filter(({ nLabelUses }) => nLabelUses > 0)).toEqual([
      { from: 0, to: 0, nLabelUses: 1, recall: 0 },
      { from: 1, to: 1, nLabelUses: 1, recall: 1 },
      { from: 50, to: null, nLabelUses: 1, recall: 1 },
    ]);
    expect(figures.slices['b']!.means['P@1']).toBe(0);
    // Scores .9 (named), .5 (not), .8 (not), .2 (named), each in a bin of its own.
    expect(figures.calibration['ECE@5']).toBeCloseTo((0.1 + 0.5 + 0.8 + 0.8) / 4, 6);
    expect(figures.diversity['Coverage@10']).toBe(1);
    expect(figures.selfAgreement).toBeNull();
  });

  it('shows the twenty items of least agreement, of equal ones the surest, with texts cut', () => {
    const tally = new SpaceTally(vocabulary, { uses, nTraining: 100 });
    for (let i = 0; i < 40; i++) {
      const isRight = i % 3 === 0;
      tally.add({
        id: String(i),
        text: '👩‍🚀'.repeat(200),
        truth: new Set([isRight ? 'common' : 'rare']),
        strengths: new Map([['rare', 0.75]]),
        scores: scores(['common', i / 100]),
      });
    }
    const { examples } = tally.finish();
    const wrong = Array.from({ length: 40 }, (_, i) => 39 - i).filter((i) => i % 3 !== 0);
    expect(examples.map(({ id }) => id)).toEqual(wrong.slice(0, 20).map(String));
    expect(examples[0]!.text).toBe(`${'👩‍🚀'.repeat(60)}...`);
    expect(examples[0]!.teacher).toEqual([{ tag: 'rare', strength: 0.75 }]);
  });

  it('leaves propensity and novelty unknown where the number of training items is', () => {
    const tally = new SpaceTally(vocabulary, { uses, nTraining: null });
    tally.add({ id: 'a', text: 'a', truth: new Set(['common']), scores: scores(['common', 0.5]) });
    const { propensity, diversity } = tally.finish();
    expect([propensity['PSP@5'], propensity['PSnDCG@5'], diversity['novelty@10']]).toEqual([NaN, NaN, NaN]);
    expect(diversity['Coverage@10']).toBeCloseTo(1 / 3, 12);
  });

  it('goes by the training counts that it is given, and by its own vocabulary for what it cannot name', () => {
    const tally = new SpaceTally(new Set(['common']), { uses, nTraining: 100 });
    tally.add({ id: 'a', text: 'a', truth: new Set(['some']), scores: scores(['common', 0.5]) });
    const { bands, outsideVocabulary } = tally.finish();
    expect(bands.torso.shareOfUses).toBe(1);
    expect(outsideVocabulary).toBe(1);
  });

  it('refuses to slice by a field of a value an item', () => {
    const tally = new SpaceTally(vocabulary, { uses, nTraining: 100 });
    const add = (i: number): void => {
      tally.add({ id: 'a', text: 'a', truth: new Set(['some']), scores: [], slice: String(i) });
    };
    for (let i = 0; i < 1000; i++) add(i);
    expect(() => add(1000)).toThrow(expect.objectContaining({ code: 'E_BAD_OPTION' }));
  });

  it("keeps the teacher's second answers apart, with the student on the same items", () => {
    const tally = new SpaceTally(vocabulary, { uses, nTraining: 100 });
    const item = { id: 'a', text: 'a', truth: new Set(['common']), scores: scores(['some', 0.5]) };
    tally.add({ ...item, second: ['common'] });
    tally.add({ ...item, scores: scores(['common', 0.5]) });
    const { selfAgreement } = tally.finish();
    expect(selfAgreement!.teacher.means['nDCG@5']).toBe(1);
    expect(selfAgreement!.student.means['nDCG@5']).toBe(0);
  });
});

describe('ThresholdCurve', () => {
  it('goes from strict to lax, counting labels that were never shown', () => {
    const curve = new ThresholdCurve();
    curve.add(scores(['a', 0.9], ['b', 0.4]), new Set(['a', 'missing']));
    curve.add(scores(['a', 0.99]), new Set());
    expect(curve.points()).toEqual([
      { threshold: 0.9, nShown: 1, precision: 1, recall: 0.5 },
      { threshold: 0.4, nShown: 2, precision: 0.5, recall: 0.5 },
    ]);
  });

  it('counts a score that equals a threshold as at least it, despite rounding', () => {
    const curve = new ThresholdCurve();
    curve.add(scores(['a', 0.29]), new Set(['a']));
    expect(curve.points().map(({ threshold }) => threshold)).toEqual([0.29]);
  });
});
