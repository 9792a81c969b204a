import type { Bundle } from '../bundle/read-bundle.js';
import type { Space } from '../core/space.js';
import { LexicalOverlap } from '../features/lexical-overlap.js';
import type { GraphRun } from './graph-run.js';

/** Columns kept; then all are dropped, so that memory stays bounded. */
const MAX_KEPT = 20_000;

/** Finds the columns of known tags, and scores tags that training never saw by their words. */
export class NewTags {
  private readonly lexical: LexicalOverlap;
  private readonly columns: Partial<Record<Space, ReadonlyMap<string, number>>> = {};
  /** Columns of new tags that were asked for before, by space and tag. */
  private readonly newColumns = new Map<string, Float32Array>();

  constructor(private readonly bundle: Bundle) {
    this.lexical = new LexicalOverlap(bundle.bag.table.stems, bundle.stemIdf);
  }

  /** Each tag's column, or -1 where the student does not know it; aliases count as their tag. */
  knownColumns(space: Space, tags: readonly string[]): number[] {
    const columns = (this.columns[space] ??= new Map(
      [...this.bundle.tags[space]!]
        .reverse()
        .flatMap(({ tag, aliases, row }) => [...aliases, tag].map((name): [string, number] => [name, row])),
    ));
    return tags.map((tag) => columns.get(tag) ?? -1);
  }

  columnOf(space: Space, tag: string): Float32Array | undefined {
    return this.newColumns.get(`${space} ${tag}`);
  }

  keepColumn(space: Space, tag: string, column: Float32Array): void {
    if (this.newColumns.size >= MAX_KEPT) this.newColumns.clear();
    this.newColumns.set(`${space} ${tag}`, column.slice());
  }

  /**
   * Give the logits of unknown tags for one item: item embedding times the tag's column, plus the bias of the rarest
   * known tags, plus the lexical overlap by the scale that was learnt.
   */
  logits({
    space,
    text,
    tags,
    columns,
    item,
  }: {
    readonly space: Space;
    readonly text: string;
    readonly tags: readonly string[];
    readonly columns: readonly Float32Array[];
    readonly item: GraphRun;
  }): number[] {
    const { manifest } = this.bundle;
    const { bias, lexicalScale } = manifest.model.outputs[space]!.newTag;
    const embedding = item.embeddingOf(space, 0);
    const stems = this.lexical.stemsOf(text, manifest.encoder.bag.maxWords);
    return tags.map((tag, i) => {
      let product = 0;
      for (let d = 0; d < embedding.length; d++) product += embedding[d]! * columns[i]![d]!;
      const logit = product + bias + lexicalScale * this.lexical.overlap(tag, stems);
      return toShare(logit, item.logNormOf(space, 0));
    });
  }
}

/** The logarithm of the share that a new tag has when it joins the others; the logit itself where logits are no shares. */
function toShare(logit: number, logNorm: number | undefined): number {
  if (logNorm === undefined) return logit;
  const most = Math.max(logit, logNorm);
  return logit - most - Math.log(Math.exp(logit - most) + Math.exp(logNorm - most));
}
