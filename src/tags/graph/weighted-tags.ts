/** Some tags of a space, each with a weight. */
export interface WeightedTags {
  /** shape [n], places in the space's list */
  readonly ids: ArrayLike<number>;
  /** shape [n] */
  readonly weights: ArrayLike<number>;
}
