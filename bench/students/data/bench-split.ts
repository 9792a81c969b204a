/** A tag with its strength in [0, 1], null where none was given. */
export type BenchTag = readonly [tag: string, strength: number | null];

/** A labelled item, as `tagdistill import` reads it. */
export interface BenchItem {
  readonly id: string;
  readonly text: string;
  /** Items of one group never stand on both sides. */
  readonly group?: string;
  readonly item_tags: readonly BenchTag[];
  readonly user_tags?: readonly BenchTag[];
  /** Slice of the figures in which the item also counts. */
  readonly slice?: string;
}

/** One train and development split of a data set. */
export interface BenchSplit {
  readonly train: readonly BenchItem[];
  readonly test: readonly BenchItem[];
}

/** A data set of the benchmark, and how it is split for a seed. */
export interface DataSource {
  readonly name: string;
  /** One sentence for the table: items, split, what it leaves out. */
  readonly about: string;
  /** @returns null where the data is not on this machine */
  readonly split: (seed: number) => Promise<BenchSplit | null>;
}
