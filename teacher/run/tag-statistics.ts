import { SPACES, type Space } from '../../src/core/space.js';

export interface GrowthPoint {
  readonly nItems: number;
  /** Distinct normalised tags after so many items. */
  readonly nDistinct: number;
}

/** How the tags of a space grow while a run goes on. */
export interface SpaceGrowth {
  readonly nDistinct: number;
  /** New distinct tags per 100 items, over the last items. */
  readonly newPer100: number;
  /**
   * Share of the last items that have a tag of the cover set as it was before them: the published tag recall, item
   * by item. NaN before the first.
   */
  readonly recall: number;
  readonly nCoverTags: number;
  /** Whether the figures go over a whole window of items. */
  readonly isSettled: boolean;
  /** At 1, 2, 5, 10, 20, 50, ... items and at the end. */
  readonly growth: readonly GrowthPoint[];
}

const STEPS = [1, 2, 5];

/**
 * Follows the tags of items as they are answered, in time that grows with the tags of the item alone.
 *
 * The cover set is kept greedily online: an item without a tag in it adds the most used of its tags, ties to the
 * first named. Items without tags are left out.
 *
 * @see Yu et al. 2025 (TagCF), Algorithm 1, of which this is the online form
 */
export class TagStatistics {
  nItems = 0;
  private readonly spaces: Readonly<Record<Space, SpaceTally>>;

  /** @param window number of last items that recall and new tags go over */
  constructor(window = 1000) {
    this.spaces = { item: new SpaceTally(window), user: new SpaceTally(window) };
  }

  /** @param tags normalised tags of one item, a space, most fitting first */
  add(tags: Readonly<Partial<Record<Space, readonly string[]>>>): void {
    this.nItems++;
    for (const space of SPACES) {
      const named = tags[space] ?? [];
      if (named.length > 0) this.spaces[space].add(named);
    }
  }

  /** The lowest recall of the spaces that have tags; NaN until each of them has a window of items. */
  get settledRecall(): number {
    const used = SPACES.map((space) => this.spaces[space]).filter(({ nItems }) => nItems > 0);
    if (used.length === 0 || used.some(({ isSettled }) => !isSettled)) return NaN;
    return Math.min(...used.map(({ recall }) => recall));
  }

  /** The figures of the spaces that have tags. */
  figures(): Partial<Record<Space, SpaceGrowth>> {
    const used = SPACES.filter((space) => this.spaces[space].nItems > 0);
    return Object.fromEntries(used.map((space) => [space, this.spaces[space].figures()]));
  }
}

class SpaceTally {
  nItems = 0;
  private readonly uses = new Map<string, number>();
  private readonly cover = new Set<string>();
  private readonly points: GrowthPoint[] = [];
  private readonly wasCovered: Uint8Array; // [window], a ring
  private readonly nNew: Uint16Array; // [window], a ring
  private nCovered = 0;
  private nNewTags = 0;
  private nextPoint = 1;

  constructor(window: number) {
    this.wasCovered = new Uint8Array(window);
    this.nNew = new Uint16Array(window);
  }

  get isSettled(): boolean {
    return this.nItems >= this.wasCovered.length;
  }

  get recall(): number {
    return this.nCovered / Math.min(this.nItems, this.wasCovered.length);
  }

  add(tags: readonly string[]): void {
    const isCovered = tags.some((tag) => this.cover.has(tag));
    const before = this.uses.size;
    for (const tag of new Set(tags)) this.uses.set(tag, (this.uses.get(tag) ?? 0) + 1);
    if (!isCovered) this.cover.add(this.mostUsed(tags));
    this.remember(isCovered, this.uses.size - before);
    this.nItems++;
    if (this.nItems < this.nextPoint) return;
    this.points.push({ nItems: this.nItems, nDistinct: this.uses.size });
    this.nextPoint = nextStep(this.nItems);
  }

  figures(): SpaceGrowth {
    const last = { nItems: this.nItems, nDistinct: this.uses.size };
    const isPoint = this.points.at(-1)?.nItems === this.nItems;
    return {
      nDistinct: this.uses.size,
      newPer100: (100 * this.nNewTags) / Math.min(this.nItems, this.nNew.length),
      recall: this.recall,
      nCoverTags: this.cover.size,
      isSettled: this.isSettled,
      growth: isPoint ? [...this.points] : [...this.points, last],
    };
  }

  private remember(isCovered: boolean, nNew: number): void {
    const slot = this.nItems % this.wasCovered.length;
    this.nCovered += Number(isCovered) - this.wasCovered[slot]!;
    this.nNewTags += nNew - this.nNew[slot]!;
    this.wasCovered[slot] = Number(isCovered);
    this.nNew[slot] = nNew;
  }

  private mostUsed(tags: readonly string[]): string {
    return tags.reduce((best, tag) => (this.uses.get(tag)! > this.uses.get(best)! ? tag : best));
  }
}

function nextStep(nItems: number): number {
  const power = 10 ** Math.floor(Math.log10(nItems));
  const step = STEPS.find((multiple) => multiple * power > nItems);
  return step === undefined ? 10 * power : step * power;
}
