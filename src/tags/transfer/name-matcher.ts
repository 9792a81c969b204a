import { mergeTags } from '../merge/spelling.js';

/** A tag that others are mapped on. */
export interface TargetTag {
  readonly tag: string;
  /** Raw forms that count as this tag. */
  readonly aliases?: readonly string[];
}

/** How a tag found its target: the same text, a known form of it, the same but for spelling, near in meaning. */
export type MatchKind = 'exact' | 'alias' | 'spelling' | 'near' | 'none';

export const MATCH_KINDS: readonly MatchKind[] = ['exact', 'alias', 'spelling', 'near', 'none'];

/** How many tags, and how many of their uses, were mapped in each way. */
export type MatchCounts = Readonly<Record<MatchKind, { readonly nTags: number; readonly nUses: number }>>;

/** Counts of nothing yet. */
export function zeroCounts(): Record<MatchKind, { nTags: number; nUses: number }> {
  const zero = (): { nTags: number; nUses: number } => ({ nTags: 0, nUses: 0 });
  return { exact: zero(), alias: zero(), spelling: zero(), near: zero(), none: zero() };
}

export interface NameMatch {
  readonly kind: Exclude<MatchKind, 'near' | 'none'>;
  /** Place of the target. */
  readonly place: number;
}

/** The part of an alias table that matching reads. */
export interface CanonicalNames {
  readonly canonicalOf: ReadonlyMap<string, string>;
}

/**
 * Find the targets that tags name, by text alone: exact, else by alias, else by the rules of {@link mergeTags}.
 *
 * A form that two targets claim belongs to the one that bears it as its name, else to the first.
 *
 * @returns a match for each tag that names a target
 */
export function matchNames(
  tags: Iterable<string>,
  targets: readonly TargetTag[],
  { aliases }: { readonly aliases?: CanonicalNames } = {},
): Map<string, NameMatch> {
  const byName = firstPlaces(targets.map(({ tag }, place) => [tag, place]));
  const byForm = firstPlaces([
    ...byName,
    ...targets.flatMap(({ aliases: forms = [] }, place) =>
      forms.map((form): [string, number] => [form, place]),
    ),
  ]);
  const matches = new Map<string, NameMatch>();
  const rest: string[] = [];
  for (const tag of new Set(tags)) {
    const exact = byName.get(tag);
    const alias = exact ?? byForm.get(tag) ?? byForm.get(aliases?.canonicalOf.get(tag) ?? tag);
    if (exact !== undefined) matches.set(tag, { kind: 'exact', place: exact });
    else if (alias !== undefined) matches.set(tag, { kind: 'alias', place: alias });
    else rest.push(tag);
  }
  const surfaces = mergeTags(new Map([...byForm.keys(), ...rest].map((form) => [form, 1]))).canonicalOf;
  const bySurface = firstPlaces(Array.from(byForm, ([form, place]) => [surfaces.get(form)!, place]));
  for (const tag of rest) {
    const place = bySurface.get(surfaces.get(tag)!);
    if (place !== undefined) matches.set(tag, { kind: 'spelling', place });
  }
  return matches;
}

function firstPlaces(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [name, place] of pairs) if (!places.has(name)) places.set(name, place);
  return places;
}
