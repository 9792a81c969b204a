import type { Bundle } from '../bundle/read-bundle.js';
import type { Space } from '../core/space.js';
import { LexicalOverlap } from '../features/lexical-overlap.js';
import type { GraphRun } from './graph-run.js';

/** Finds the columns of known tags, and scores tags that training never saw by their words. */
export class NewTags {
  private readonly lexical: LexicalOverlap;
  private readonly columns: Partial<Record<Space, ReadonlyMap<string, number>>> = {};

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
      return product + bias + lexicalScale * this.lexical.overlap(tag, stems) - item.logNormOf(space, 0);
    });
  }
}
