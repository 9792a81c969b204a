import { sha256 } from '../../core/hash.js';

/**
 * Make the id of a tag in its space: the first 12 hex digits of the tag's SHA-256, more where they are taken.
 *
 * Made once, of the form in which the tag was first seen; a bundle's tags have the same ids.
 */
export function tagId(tag: string, isTaken: (id: string) => boolean = () => false): string {
  const digits = sha256(tag);
  let id = digits.slice(0, 12);
  while (isTaken(id) && id.length < digits.length) id = digits.slice(0, id.length + 4);
  return id;
}
