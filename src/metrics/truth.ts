/**
 * The true labels of one item: a set where all weigh the same (gain 1), or a map from label to gain.
 *
 * A map's keys are true labels whatever their gain: binary metrics read only the keys.
 */
export type Truth<T> = ReadonlySet<T> | ReadonlyMap<T, number>;
