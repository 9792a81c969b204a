/** Where long work has got to. */
export interface ProgressEvent {
  /** What is under way, e.g. `train`. */
  readonly stage: string;
  readonly done: number;
  /** Undefined while it is not known, e.g. when reading a stream. */
  readonly total?: number;
  /** Figures worth showing beside the bar, e.g. `{ loss: 1.2 }`. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** Called from inside long work, often; must be quick and must not throw. */
export type OnProgress = (event: ProgressEvent) => void;
