import type * as ort from 'onnxruntime-node';
import { probability } from '../bundle/calibration.js';
import type { BundleManifest } from '../bundle/manifest.js';
import { readBundle, type Bundle } from '../bundle/read-bundle.js';
import { TagdistillError, messageOf } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import { padItems, type ItemEncoder, type ItemFeatures, type ItemInput } from '../features/item-encoder.js';
import { checkInput } from './check-input.js';
import { graphFeeds } from './graph-feeds.js';
import { GraphRun } from './graph-run.js';
import { NewTags } from './new-tags.js';
import { openItemEncoder } from './open-item-encoder.js';
import { planBatches } from './plan-batches.js';
import type { RankedTag, ScoreOptions, TagScore, TextScores } from './scores.js';
import { openSession } from './session.js';

export interface ScorerOptions {
  /** Threads of one inference. Default 1. */
  readonly threads?: number;
  /** Where the hub encoder of the student is, if not where the manifest says: a folder, or a name on the hub. */
  readonly hubEncoder?: string;
}

/** What can be scored: a text, or an item with a text, a vector of its own, or both. */
export type ScoreInput = string | ItemInput;

/** Scores texts with a student bundle: no LLM, no network, no writes. */
export class Scorer {
  private readonly newTags: NewTags;

  private constructor(
    private readonly bundle: Bundle,
    private readonly encoder: ItemEncoder,
    private session: ort.InferenceSession | undefined,
  ) {
    this.newTags = new NewTags(bundle);
  }

  /**
   * Load a student bundle and check it against its checksums.
   *
   * @param dir the folder that `tagdistill train` wrote
   * @throws TagdistillError `E_BUNDLE_MISSING`, `E_BUNDLE_VERSION`, `E_BUNDLE_CHECKSUM` or `E_BUNDLE_FORMAT`; for a
   *   student that reads a hub encoder, what opening that throws: it is never downloaded here
   */
  static async load(dir: string, { threads = 1, hubEncoder }: ScorerOptions = {}): Promise<Scorer> {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new TagdistillError('E_BAD_OPTION', `threads must be a whole number from 1, found ${threads}`);
    }
    const bundle = await readBundle(dir);
    const session = await openSession(bundle.model, { threads }).catch((cause: unknown) => {
      throw new TagdistillError('E_BUNDLE_FORMAT', `onnxruntime refuses the model: ${messageOf(cause)}`, {
        file: dir,
        hint: 'Export the student again.',
        cause,
      });
    });
    return new Scorer(bundle, await openItemEncoder(bundle, { threads, hubEncoder }), session);
  }

  get manifest(): BundleManifest {
    return this.bundle.manifest;
  }

  /** The spaces that the student scores. */
  get spaces(): readonly Space[] {
    return SPACES.filter((space) => this.bundle.tags[space] !== undefined);
  }

  /** The tags that the student can name, in output order; empty where it lacks the space. */
  tags(space: Space): readonly string[] {
    return (this.bundle.tags[space] ?? []).map(({ tag }) => tag);
  }

  /** How many training items have each tag that the student can name. */
  uses(space: Space): ReadonlyMap<string, number> {
    return new Map((this.bundle.tags[space] ?? []).map(({ tag, uses }) => [tag, uses]));
  }

  /** Numbers in the vector that an item may bring; 0 where the student reads none. */
  get nEmbeddingDims(): number {
    return this.encoder.parts.nGivenDims;
  }

  /**
   * Name the tags of one item or of many, best first; equal scores in output order.
   *
   * A text without a known word gets the tags that are likely for any item. The result for a list is a list in
   * the same order; with `space`, the tags of that space alone.
   *
   * @throws TagdistillError `E_BAD_INPUT` for a value that is no text and no item, or a vector of another length than
   *   the student reads; `E_BAD_K`, `E_BAD_OPTION` for a space that the student lacks or a threshold that is no
   *   number, `E_ABORTED`, `E_CLOSED`
   */
  score(item: ScoreInput, options: ScoreOptions & { readonly space: Space }): Promise<readonly TagScore[]>;
  score(item: ScoreInput, options?: ScoreOptions): Promise<TextScores>;
  score(
    items: readonly ScoreInput[],
    options: ScoreOptions & { readonly space: Space },
  ): Promise<(readonly TagScore[])[]>;
  score(items: readonly ScoreInput[], options?: ScoreOptions): Promise<TextScores[]>;
  async score(
    input: ScoreInput | readonly ScoreInput[],
    options: ScoreOptions = {},
  ): Promise<TextScores | readonly TagScore[] | TextScores[] | (readonly TagScore[])[]> {
    const isList = Array.isArray(input);
    const scores = await this.scoreAll(isList ? input : [input as ScoreInput], options);
    const { space } = options;
    const asked = space === undefined ? scores : scores.map((of) => of[space]!);
    return isList ? asked : asked[0]!;
  }

  /**
   * Score given tags for one item, best first: those that the student knows, and any other by its words.
   *
   * @returns `isKnown` is false for a tag that training never saw
   * @throws TagdistillError as {@link score}; `E_BAD_INPUT` for a tag that is no text
   */
  async rank(
    item: ScoreInput,
    tags: readonly string[],
    { space, signal }: { readonly space: Space; readonly signal?: AbortSignal },
  ): Promise<RankedTag[]> {
    this.checkSpace(space);
    const wrong = tags.findIndex((tag) => typeof tag !== 'string');
    if (wrong >= 0)
      throw new TagdistillError('E_BAD_INPUT', `tag ${wrong} is no string but ${typeof tags[wrong]}`);
    checkAborted(signal, `0 of ${tags.length} tags`);
    const [features] = await this.encode([item], signal);
    const known = this.newTags.knownColumns(space, tags);
    const own = await this.run([features!], { topK: this.bundle.tags[space]!.length, spaces: [space] });
    const logitOf = new Map<number, number>();
    own.columns(space).forEach((column, i) => logitOf.set(column, own.logits(space)[i]!));
    const unknown = tags.filter((_, i) => known[i]! < 0);
    const newLogits =
      unknown.length === 0 ? [] : await this.newTagLogits(item, unknown, { space, own, signal });
    let next = 0;
    return tags
      .map((tag, i) => {
        const column = known[i]!;
        const logit = column < 0 ? newLogits[next++]! : logitOf.get(column)!;
        const score = probability(this.bundle.calibrations[space]!, logit, column);
        return { tag, score, isKnown: column >= 0 };
      })
      .sort((a, b) => b.score - a.score);
  }

  /**
   * Score items as they come, in order, a batch at a time: memory stays flat however many there are.
   *
   * @yields each input beside its scores
   */
  async *scoreStream<T extends ItemInput>(
    items: AsyncIterable<T> | Iterable<T>,
    { batchSize = 64, ...options }: ScoreOptions & { readonly batchSize?: number } = {},
  ): AsyncGenerator<{ readonly item: T; readonly scores: TextScores }> {
    let batch: T[] = [];
    const flush = async () => {
      const scores = await this.scoreAll(batch, options);
      const pairs = batch.map((item, i) => ({ item, scores: scores[i]! }));
      batch = [];
      return pairs;
    };
    for await (const item of items) {
      batch.push(item);
      if (batch.length >= batchSize) yield* await flush();
    }
    if (batch.length > 0) yield* await flush();
  }

  /** Free the model. Later calls throw `E_CLOSED`. */
  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release();
    await this.encoder.parts.hub?.close();
  }

  private checkSpace(space: Space): void {
    if (this.spaces.includes(space)) return;
    throw new TagdistillError('E_BAD_OPTION', `the student has no ${space} tags`, {
      hint: `It has: ${this.spaces.join(', ')}.`,
    });
  }

  private async encode(
    inputs: readonly ScoreInput[],
    signal: AbortSignal | undefined,
  ): Promise<ItemFeatures[]> {
    const items = inputs.map((input, i) => checkInput(input, i, this.nEmbeddingDims));
    return this.encoder.encode(items, signal && { signal });
  }

  private async scoreAll(inputs: readonly ScoreInput[], options: ScoreOptions): Promise<TextScores[]> {
    const { topK = 10, threshold = 0, space, signal } = options;
    if (!Number.isInteger(topK) || topK < 1) {
      throw new TagdistillError('E_BAD_K', `topK must be a whole number from 1, found ${topK}`);
    }
    if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
      throw new TagdistillError('E_BAD_OPTION', `threshold must be a number, found ${String(threshold)}`);
    }
    if (space !== undefined) this.checkSpace(space);
    const spaces = space === undefined ? this.spaces : [space];
    const features = await this.encode(inputs, signal);
    const results: TextScores[] = [];
    for (const { start, end } of planBatches(features.map(({ bag }) => bag.ids.length))) {
      checkAborted(signal, `${start} of ${inputs.length} texts`);
      const batch = features.slice(start, end);
      const run = await this.run(batch, { topK, spaces });
      batch.forEach((_, row) => results.push(this.namedTags(run, row, { spaces, threshold })));
    }
    return results;
  }

  private namedTags(
    run: GraphRun,
    row: number,
    { spaces, threshold }: { readonly spaces: readonly Space[]; readonly threshold: number },
  ): TextScores {
    const result: Partial<Record<Space, readonly TagScore[]>> = {};
    for (const space of spaces) {
      const [logits, columns] = [run.logits(space), run.columns(space)];
      const k = columns.length / run.nRows; // the graph cuts topK to the tags there are
      const tags = this.bundle.tags[space]!;
      const calibration = this.bundle.calibrations[space]!;
      const list: TagScore[] = [];
      for (let i = row * k; i < (row + 1) * k; i++) {
        const score = probability(calibration, logits[i]!, columns[i]!);
        if (score >= threshold) list.push({ tag: tags[columns[i]!]!.tag, score });
      }
      result[space] = list;
    }
    return result;
  }

  private async newTagLogits(
    item: ScoreInput,
    tags: readonly string[],
    {
      space,
      own,
      signal,
    }: { readonly space: Space; readonly own: GraphRun; readonly signal: AbortSignal | undefined },
  ): Promise<number[]> {
    const text = typeof item === 'string' ? item : (item.text ?? '');
    const missing = [...new Set(tags)].filter((tag) => this.newTags.columnOf(space, tag) === undefined);
    const found = new Map<string, Float32Array>();
    const asItems = await this.encode(missing, signal);
    for (const { start, end } of planBatches(asItems.map(({ bag }) => bag.ids.length))) {
      checkAborted(signal, `${start} of ${missing.length} new tags`);
      const run = await this.run(asItems.slice(start, end), { topK: 1, spaces: [space] });
      for (let row = 0; row < run.nRows; row++) found.set(missing[start + row]!, run.columnOf(space, row));
    }
    const columns = tags.map((tag) => found.get(tag) ?? this.newTags.columnOf(space, tag)!);
    for (const [tag, column] of found) this.newTags.keepColumn(space, tag, column);
    return this.newTags.logits({ space, text, tags, columns, item: own });
  }

  private async run(
    items: readonly ItemFeatures[],
    { topK, spaces }: { readonly topK: number; readonly spaces: readonly Space[] },
  ): Promise<GraphRun> {
    if (this.session === undefined) throw new TagdistillError('E_CLOSED', 'the scorer was closed');
    const { manifest, bag } = this.bundle;
    const nTokens = manifest.encoder.tokens?.nTokens ?? 0;
    const batch = padItems(items, { nStems: bag.nStems, nTokens });
    const { inputs, outputs } = manifest.model;
    const wanted = spaces.flatMap((space) =>
      Object.values(outputs[space]!).filter((name) => typeof name === 'string'),
    );
    const out = await this.session.run(graphFeeds(batch, topK, inputs), wanted);
    return new GraphRun(batch.nRows, outputs, out);
  }
}

function checkAborted(signal: AbortSignal | undefined, done: string): void {
  if (signal?.aborted !== true) return;
  throw new TagdistillError('E_ABORTED', `scoring was stopped after ${done}`, { cause: signal.reason });
}
