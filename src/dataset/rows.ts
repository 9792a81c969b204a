import type { Space } from '../core/space.js';

/** The part of a data set an item belongs to. */
export type Split = 'train' | 'validation' | 'test';

export const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** One row of `items.arrow`. */
export interface ItemRow {
  readonly item_id: string;
  /** What the student reads: title, description and so on, joined. */
  readonly text: string;
  /** Items of one group never stand in two splits, e.g. a series or an author. */
  readonly group: string | null;
  readonly split: Split;
  /** The item's other fields as a JSON object, e.g. `{"title":"...","year":1997}`. */
  readonly fields: string | null;
  /** shape [nDims], the same for all items of a table; absent where none was given */
  readonly embedding?: Float32Array;
}

/** One row of `calls.arrow`: one answer of the teacher, as it came. */
export interface CallRow {
  readonly key: string;
  readonly task: Task;
  /** Item id (item2tag) or source tag (tag2tag). */
  readonly source_id: string;
  readonly sample: number;
  readonly attempt: number;
  readonly prompt_id: string;
  readonly prompt_hash: string;
  readonly model_requested: string | null;
  readonly model_returned: string | null;
  /** Request parameters as a JSON object. */
  readonly params: string | null;
  readonly mode: 'online' | 'batch' | 'replay';
  readonly status: 'ok' | 'unparseable' | 'failed';
  readonly finish_reason: string | null;
  readonly error: string | null;
  readonly raw_text: string;
  /** Base URL that was asked. */
  readonly endpoint: string | null;
  /** How the form of the answer was asked for; see `Rung` of the teacher. */
  readonly rung: string | null;
  /** Pairs of tag as given and log-probability, as JSON: `[["violin", -0.2]]`. */
  readonly logprobs: string | null;
  readonly tokens_in: number | null;
  readonly tokens_cached: number | null;
  readonly tokens_out: number | null;
  readonly cost_microusd: number | null;
  readonly cost_basis: string | null;
  /** ISO 8601; null where not recorded. */
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly run_id: string;
}

export type Direction = 'i2u' | 'u2i';
export type Task = 'item2tag' | Direction;

/** One row of `item_tags.arrow`: one tag of one item, over all its samples. */
export interface ItemTagRow {
  readonly item_id: string;
  readonly space: Space;
  /** The tag exactly as it was given. */
  readonly tag_raw: string;
  /** Its normalised form. */
  readonly tag: string;
  /** 0 is the most relevant. */
  readonly rank: number;
  /** Strength in [0, 1], or null where none was given. */
  readonly score: number | null;
  /** In how many of `samples` answers it was named. */
  readonly votes: number;
  readonly samples: number;
  readonly logprob: number | null;
  readonly call_keys: readonly string[];
}

/** One row of `tag_edges.arrow`: source tag to target tag. */
export interface TagEdgeRow {
  readonly direction: Direction;
  readonly source: string;
  readonly target_raw: string;
  readonly target: string;
  readonly rank: number;
  readonly score: number | null;
  readonly votes: number;
  readonly samples: number;
  readonly call_keys: readonly string[];
}

/** One row of `cover_set.arrow`: a tag chosen to cover the items. */
export interface CoverSetRow {
  readonly space: Space;
  /** Stable for ever: students and indexes depend on it. */
  readonly tag_id: string;
  readonly tag: string;
  readonly aliases: readonly string[];
  readonly items_covered: number;
  /** Items that it was the first to cover. */
  readonly marginal_gain: number;
  /** ISO 8601 dates; null where not known. */
  readonly added_at: string | null;
  readonly last_seen: string | null;
  readonly status: 'live' | 'retired';
}

/** One row of `logic_edges.arrow`: how likely one tag of a tag library leads to another. */
export interface LogicEdgeRow {
  readonly direction: Direction;
  readonly source_id: string;
  readonly target_id: string;
  readonly source: string;
  readonly target: string;
  /** P(target | source) over the edges of the source that were kept. */
  readonly weight: number;
  /** Answers behind it. */
  readonly votes: number;
  /** Smallest cosine at which an answer was taken for a tag; null where all named the tags themselves. */
  readonly similarity: number | null;
}

/** One row of `aliases.arrow`: a raw tag and the canonical tag that it counts as. */
export interface AliasRow {
  readonly space: Space;
  readonly raw: string;
  readonly normalised: string;
  readonly canonical: string;
  /** Items that have it. */
  readonly uses: number;
  readonly reason: 'same' | 'spelling' | 'semantic' | 'decision';
  /** Cosine of the tags where they were joined by it. */
  readonly similarity: number | null;
}

/** One row of a day in a tag library: the tags of one item in one space. */
export interface DayTagsRow {
  readonly space: Space;
  /** Canonical. */
  readonly tags: readonly string[];
}

/** One row of a cache of encoded texts. */
export interface EncodedTextRow {
  /** The first 32 hex digits of the text's SHA-256. */
  readonly text_hash: string;
  readonly embedding?: Float32Array;
}
