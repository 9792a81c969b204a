import type { Space } from '../../core/space.js';
import type { CoverState } from '../cover/cover-state.js';
import type { LogicGraph } from '../graph/logic-graph.js';
import type { Alias } from '../merge/semantic-aliases.js';
import type { LibraryManifest } from './library-manifest.js';

/** A space of a tag library. */
export interface LibrarySpace {
  /** By raw tag in code point order. */
  readonly aliases: readonly Alias[];
  readonly cover: CoverState;
}

/** A tag library in memory. */
export interface LibraryContent {
  readonly options: LibraryManifest['options'];
  readonly encoder: LibraryManifest['encoder'];
  readonly inputs: LibraryManifest['inputs'];
  readonly spaces: Readonly<Partial<Record<Space, LibrarySpace>>>;
  readonly graph: LogicGraph;
}
