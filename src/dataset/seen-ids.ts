import type { RowPlace } from './row-problems.js';

/** A JavaScript map refuses more entries than this. */
const MAP_LIMIT = 2 ** 24 - 1;

/** Remembers where each id stood first, so that a repeated one is told with both places. */
export class SeenIds {
  private readonly maps = [new Map<string, number>()];

  /** Keep the id, or say that it is there already. */
  add(id: string, place: RowPlace): string | undefined {
    for (const map of this.maps) {
      const first = map.get(id);
      if (first !== undefined) {
        const unit = place.line === undefined ? 'row' : 'line';
        return `the id ${JSON.stringify(id)} stands twice; ${unit} ${first} has it first`;
      }
    }
    if (this.maps.at(-1)!.size === MAP_LIMIT) this.maps.push(new Map());
    this.maps.at(-1)!.set(id, place.line ?? place.row ?? 0);
    return undefined;
  }
}
