import * as ort from 'onnxruntime-node';
import { probability } from '../bundle/calibration.js';
import type { BundleManifest } from '../bundle/manifest.js';
import { readBundle, type Bundle } from '../bundle/read-bundle.js';
import { TagdistillError, messageOf } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';
import { padBags, type Bag } from '../features/bag-encoder.js';
import { planBatches } from './plan-batches.js';
import type { ScoreOptions, TagScore, TextScores } from './scores.js';
import { openSession } from './session.js';

export interface ScorerOptions {
  /** Threads of one inference. Default 1. */
  readonly threads?: number;
}

/** Scores texts with a student bundle: no LLM, no network, no writes. */
export class Scorer {
  private constructor(
    private readonly bundle: Bundle,
    private session: ort.InferenceSession | undefined,
  ) {}

  /**
   * Load a student bundle and check it against its checksums.
   *
   * @param dir the folder that `tagdistill train` wrote
   * @throws TagdistillError `E_BUNDLE_MISSING`, `E_BUNDLE_VERSION`, `E_BUNDLE_CHECKSUM` or `E_BUNDLE_FORMAT`
   */
  static async load(dir: string, { threads = 1 }: ScorerOptions = {}): Promise<Scorer> {
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
    return new Scorer(bundle, session);
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

  /**
   * Name the tags of one text or of many, best first; equal scores in output order.
   *
   * A text without a known word gets the tags that are likely for any item. The result for a list is a list in
   * the same order; with `space`, the tags of that space alone.
   *
   * @throws TagdistillError `E_BAD_INPUT` for a value that is no text, `E_BAD_K`, `E_BAD_OPTION` for a space that
   *   the student lacks or a threshold that is no number, `E_ABORTED`, `E_CLOSED`
   */
  score(text: string, options: ScoreOptions & { readonly space: Space }): Promise<readonly TagScore[]>;
  score(text: string, options?: ScoreOptions): Promise<TextScores>;
  score(
    texts: readonly string[],
    options: ScoreOptions & { readonly space: Space },
  ): Promise<(readonly TagScore[])[]>;
  score(texts: readonly string[], options?: ScoreOptions): Promise<TextScores[]>;
  async score(
    input: string | readonly string[],
    options: ScoreOptions = {},
  ): Promise<TextScores | readonly TagScore[] | TextScores[] | (readonly TagScore[])[]> {
    const texts = typeof input === 'string' ? [input] : input;
    const scores = await this.scoreAll(texts, options);
    const { space } = options;
    const asked = space === undefined ? scores : scores.map((of) => of[space]!);
    return typeof input === 'string' ? asked[0]! : asked;
  }

  /**
   * Score texts as they come, in order, a batch at a time: memory stays flat however many there are.
   *
   * @yields each input beside its scores
   */
  async *scoreStream<T extends { readonly text: string }>(
    items: AsyncIterable<T> | Iterable<T>,
    { batchSize = 64, ...options }: ScoreOptions & { readonly batchSize?: number } = {},
  ): AsyncGenerator<{ readonly item: T; readonly scores: TextScores }> {
    let batch: T[] = [];
    const flush = async () => {
      const scores = await this.scoreAll(
        batch.map(({ text }) => text),
        options,
      );
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
  }

  private async scoreAll(texts: readonly string[], options: ScoreOptions): Promise<TextScores[]> {
    const { topK = 10, threshold = 0, space, signal } = options;
    if (!Number.isInteger(topK) || topK < 1) {
      throw new TagdistillError('E_BAD_K', `topK must be a whole number from 1, found ${topK}`);
    }
    if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
      throw new TagdistillError('E_BAD_OPTION', `threshold must be a number, found ${String(threshold)}`);
    }
    if (space !== undefined && !this.spaces.includes(space)) {
      throw new TagdistillError('E_BAD_OPTION', `the student has no ${space} tags`, {
        hint: `It has: ${this.spaces.join(', ')}.`,
      });
    }
    const wrong = texts.findIndex((text) => typeof text !== 'string');
    if (wrong >= 0) {
      throw new TagdistillError('E_BAD_INPUT', `text ${wrong} is no string but ${typeof texts[wrong]}`);
    }
    const bags = texts.map((text) => this.bundle.encoder.encode(text));
    const results: TextScores[] = [];
    for (const { start, end } of planBatches(bags.map(({ ids }) => ids.length))) {
      if (signal?.aborted === true) {
        throw new TagdistillError(
          'E_ABORTED',
          `scoring was stopped after ${start} of ${texts.length} texts`,
          {
            cause: signal.reason,
          },
        );
      }
      results.push(...(await this.runBatch(bags.slice(start, end), { topK, threshold, space })));
    }
    return results;
  }

  private async runBatch(
    bags: readonly Bag[],
    { topK, threshold, space }: { topK: number; threshold: number; space: Space | undefined },
  ): Promise<TextScores[]> {
    if (this.session === undefined) throw new TagdistillError('E_CLOSED', 'the scorer was closed');
    const spaces = space === undefined ? this.spaces : [space];
    const { inputs, outputs } = this.manifest.model;
    const batch = padBags(bags, this.bundle.encoder.nStems);
    const dims = [batch.nRows, batch.width];
    const out = await this.session.run(
      {
        [inputs.ids]: new ort.Tensor('int32', batch.ids, dims),
        [inputs.weights]: new ort.Tensor('float32', batch.weights, dims),
        [inputs.stems]: new ort.Tensor('int32', batch.stems, [batch.nRows, batch.stemWidth]),
        [inputs.k]: new ort.Tensor('int64', BigInt64Array.of(BigInt(topK)), [1]),
      },
      spaces.flatMap((of) => [outputs[of]!.logits, outputs[of]!.indices]),
    );
    const results: Partial<Record<Space, readonly TagScore[]>>[] = bags.map(() => ({}));
    for (const of of spaces) {
      const logits = out[outputs[of]!.logits]!.data as Float32Array; // [nRows, k]
      const indices = out[outputs[of]!.indices]!.data as Int32Array; // [nRows, k]
      const k = logits.length / bags.length; // the graph cuts topK to the tags there are
      const tags = this.bundle.tags[of]!;
      const calibration = this.bundle.calibrations[of]!;
      results.forEach((result, row) => {
        const list: TagScore[] = [];
        for (let i = row * k; i < (row + 1) * k; i++) {
          const score = probability(calibration, logits[i]!, indices[i]!);
          if (score >= threshold) list.push({ tag: tags[indices[i]!]!.tag, score });
        }
        // Shifts of single tags may turn neighbours round; equal scores keep their order.
        result[of] = list.sort((a, b) => b.score - a.score);
      });
    }
    return results;
  }
}
