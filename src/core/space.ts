/** The two tag spaces: `item` tags are topics of an item, `user` tags are roles of the people it is for. */
export type Space = 'item' | 'user';

/** Both spaces, in the order in which outputs, columns and reports list them. */
export const SPACES: readonly Space[] = ['item', 'user'];
