import { sha256 } from '../core/hash.js';
import { KeyMap } from '../core/key-map.js';
import type { RowPlace } from './row-problems.js';

/** Remembers where each id stood first, so that a repeated one is told with both places; 27 to 53 bytes an id. */
export class SeenIds {
  private readonly places = new KeyMap();

  /** Keep the id, or say that it is there already. */
  add(id: string, place: RowPlace): string | undefined {
    const key = sha256(id);
    if (this.places.add(key, place.line ?? place.row ?? 0)) return undefined;
    const unit = place.line === undefined ? 'row' : 'line';
    return `the id ${JSON.stringify(id)} stands twice; ${unit} ${this.places.get(key)} has it first`;
  }
}
