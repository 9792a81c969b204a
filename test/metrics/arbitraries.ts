import fc from 'fast-check';

/** A label of a small vocabulary, so that rankings and truths often meet. */
const label = fc.integer({ min: 0, max: 24 });

/** Labels, best first, none twice. */
export const ranking = fc.uniqueArray(label, { maxLength: 20 });

/** At least one true label. */
export const truth = fc.uniqueArray(label, { minLength: 1, maxLength: 12 }).map((labels) => new Set(labels));

/** True labels with gains, at least one of them positive. */
export const gains = fc
  .uniqueArray(fc.tuple(label, fc.double({ min: 0.05, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
    selector: ([of]) => of,
  })
  .map((pairs) => new Map(pairs));

export const k = fc.integer({ min: 1, max: 25 });
