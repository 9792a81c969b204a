import { TagdistillError, messageOf } from '../core/errors.js';
import { SPACES, type Space } from '../core/space.js';

/** One line of `tags.jsonl`: a tag that the student can name. */
export interface BundleTag {
  readonly space: Space;
  /** Its column in the student's output for that space. */
  readonly row: number;
  /** Stable for ever, unlike the row. */
  readonly id: string;
  readonly tag: string;
  /** Other surface forms that count as this tag. */
  readonly aliases: readonly string[];
  /** How many training items have it. */
  readonly uses: number;
}

export function encodeTagList(tags: readonly BundleTag[]): string {
  return tags.map((tag) => `${JSON.stringify(tag)}\n`).join('');
}

/**
 * Read `tags.jsonl`: per space, the tags in output order.
 *
 * @throws TagdistillError `E_BUNDLE_FORMAT` with the line, if a line is no tag or rows do not count up from 0
 */
export function decodeTagList(text: string, file: string): Partial<Record<Space, BundleTag[]>> {
  const bySpace: Partial<Record<Space, BundleTag[]>> = {};
  text.split('\n').forEach((line, index) => {
    if (line === '') return;
    let tag: BundleTag;
    try {
      tag = JSON.parse(line) as BundleTag;
    } catch (cause) {
      throw new TagdistillError('E_BUNDLE_FORMAT', `no JSON: ${messageOf(cause)}`, {
        file,
        line: index + 1,
        cause,
      });
    }
    const list = SPACES.includes(tag.space) ? (bySpace[tag.space] ??= []) : undefined;
    if (list === undefined || tag.row !== list.length || typeof tag.tag !== 'string') {
      throw new TagdistillError('E_BUNDLE_FORMAT', `no tag, or a row out of order: ${line.slice(0, 80)}`, {
        file,
        line: index + 1,
      });
    }
    list.push(tag);
  });
  return bySpace;
}
