import type { Space } from '../../core/space.js';
import type { Direction } from '../../dataset/rows.js';

/** `i2u`: from an item tag to the roles it is for; `u2i`: from a role to the topics it is likely to want. */
export type { Direction };

export const DIRECTIONS: readonly Direction[] = ['i2u', 'u2i'];

/** The space of the tags that edges of a direction leave. */
export const SOURCE_SPACE: Readonly<Record<Direction, Space>> = { i2u: 'item', u2i: 'user' };

/** The space of the tags that edges of a direction reach. */
export const TARGET_SPACE: Readonly<Record<Direction, Space>> = { i2u: 'user', u2i: 'item' };

/** The direction whose edges leave a space. */
export const DIRECTION_FROM: Readonly<Record<Space, Direction>> = { item: 'i2u', user: 'u2i' };

/** The opposite of each direction. */
export const REVERSE: Readonly<Record<Direction, Direction>> = { i2u: 'u2i', u2i: 'i2u' };
