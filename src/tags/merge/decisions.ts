import { TagdistillError } from '../../core/errors.js';
import type { Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { normaliseTag } from '../normalise.js';

/** What a person decided about two tags, or about the form in which a tag is printed. */
export type Decision = PairDecision | CanonicalDecision;

interface PairDecision {
  readonly space: Space;
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  /** 1-based line of the file that it came from. */
  readonly line?: number;
}

interface CanonicalDecision {
  readonly space: Space;
  readonly tag: string;
  /** The tag counts as this one, which is printed for its whole group. */
  readonly canonical: string;
  readonly line?: number;
}

/** Decisions that do not contradict one another; see {@link checkDecisions}. */
export interface Decisions {
  /** Where they came from, for messages. */
  readonly file: string | undefined;
  readonly all: readonly Decision[];
}

/**
 * Check that decisions do not contradict one another, as they stand: tags are compared as normalised.
 *
 * @param file named in messages
 * @throws TagdistillError `E_BAD_ROW` with the line: a tag that is empty, equal to its opposite or to itself; two
 *   tags that are the same by other lines; two printed forms for one group
 */
export function checkDecisions(all: readonly Decision[], file?: string): Decisions {
  const refuse = (message: string, { line }: Decision, hint: string): never => {
    throw new TagdistillError('E_BAD_ROW', message, {
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      hint,
    });
  };
  const groups = new Groups();
  for (const decision of all) {
    for (const tag of tagsOf(decision)) {
      if (normaliseTag(tag) === '')
        refuse(`${JSON.stringify(tag)} is no tag`, decision, 'Name a tag as the data set has it.');
    }
    if ('canonical' in decision || decision.same) {
      const [a, b] = tagsOf(decision);
      groups.join(key(decision.space, a), key(decision.space, b));
    }
  }
  const printed = new Map<string, CanonicalDecision>();
  for (const decision of all) {
    const { space } = decision;
    const [a, b] = tagsOf(decision);
    const group = groups.find(key(space, a));
    if ('canonical' in decision) {
      const other = printed.get(group);
      if (other !== undefined && other.canonical !== decision.canonical) {
        refuse(
          `${quote(a)} is printed as ${quote(decision.canonical)} here, but ${quote(other.canonical)} ${lineOf(other)}`,
          decision,
          'Keep one of the two lines.',
        );
      }
      printed.set(group, decision);
    } else if (!decision.same && group === groups.find(key(space, b))) {
      const isOne = normaliseTag(a) === normaliseTag(b);
      const joined = all.find(
        (other) =>
          ('canonical' in other || other.same) && groups.find(key(other.space, tagsOf(other)[0])) === group,
      );
      refuse(
        isOne
          ? `${quote(a)} and ${quote(b)} are one tag once they are normalised, and cannot be kept apart`
          : `${quote(a)} and ${quote(b)} are not the same here, but other decisions make them one${joined === undefined ? '' : `, the first of them ${lineOf(joined)}`}`,
        decision,
        'Take this line out, or the one that contradicts it.',
      );
    }
  }
  return { file, all };
}

/** The two tags that a decision names. */
export function tagsOf(decision: Decision): readonly [string, string] {
  return 'canonical' in decision ? [decision.tag, decision.canonical] : [decision.a, decision.b];
}

function lineOf({ line }: Decision): string {
  return line === undefined ? 'elsewhere' : `on line ${line}`;
}

function quote(tag: string): string {
  return JSON.stringify(tag.length > 60 ? `${tag.slice(0, 60)}...` : tag);
}

function key(space: Space, tag: string): string {
  return `${space}:${normaliseTag(tag)}`;
}

/** Disjoint groups of texts; the first in code point order stands for its group. */
class Groups {
  private readonly parent = new Map<string, string>();

  find(name: string): string {
    let root = name;
    for (let up = this.parent.get(root); up !== undefined; up = this.parent.get(root)) root = up;
    return root;
  }

  join(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    if (rootA === rootB) return;
    if (byCodePoint(rootA, rootB) < 0) this.parent.set(rootB, rootA);
    else this.parent.set(rootA, rootB);
  }
}
