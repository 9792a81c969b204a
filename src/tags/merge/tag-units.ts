import { TagdistillError } from '../../core/errors.js';
import type { Space } from '../../core/space.js';
import { byCodePoint } from '../code-point-order.js';
import { normaliseTag } from '../normalise.js';
import { groupRaws, type AliasTable } from './alias-table.js';
import { tagsOf, type Decision, type Decisions } from './decisions.js';
import { spellingKey } from './spelling-key.js';
import type { Alias, Merge } from './semantic-aliases.js';
import { surfaceForm } from './surface-form.js';

/** Raw tags that are one tag by spelling, and what they were joined to. */
export class TagUnit {
  /** The unit that it counts as; itself as long as it stands for itself. */
  leader: TagUnit = this;
  reason: 'semantic' | 'decision' | null = null;
  similarity: number | null = null;

  constructor(
    readonly name: string,
    /** In code point order. */
    readonly raws: readonly string[],
    readonly uses: number,
  ) {}
}

/** The groups of a table of spellings while they are joined, with what decisions say about them. */
export class TagUnits {
  /** Decisions that name a tag which is not here. */
  nUnused = 0;
  private readonly units: TagUnit[] = [];
  private readonly byRaw = new Map<string, TagUnit>();
  private readonly byNormal = new Map<string, TagUnit>();
  private readonly byKey = new Map<string, TagUnit>();
  private readonly apart = new Map<TagUnit, Set<TagUnit>>();
  private readonly members = new Map<TagUnit, TagUnit[]>();
  private readonly printed = new Map<TagUnit, string>();

  /** @throws TagdistillError `E_BAD_ROW` if decisions contradict one another through spellings */
  constructor(
    table: AliasTable,
    private readonly counts: ReadonlyMap<string, number>,
    { space, decisions }: { readonly space: Space; readonly decisions: Decisions | undefined },
  ) {
    const all = (decisions?.all ?? []).filter((decision) => decision.space === space);
    const loners = normalFormsApart(all, table);
    for (const [canonical, raws] of groupRaws(table.canonicalOf)) this.addGroup(canonical, raws, loners);
    for (const decision of all) this.joinAsDecided(decision);
    for (const decision of all) this.keepApartAsDecided(decision, decisions?.file);
  }

  /** List the units that stand for themselves, the most used first, ties in code point order. */
  leaders(): TagUnit[] {
    return this.units
      .filter((unit) => unit.leader === unit && this.membersOf(unit).some(({ raws }) => raws.length > 0))
      .sort((a, b) => this.usesOf(b) - this.usesOf(a) || byCodePoint(a.name, b.name));
  }

  /** Give the form in which a leader's group is printed. */
  nameOf(leader: TagUnit): string {
    return this.printed.get(leader) ?? leader.name;
  }

  /** Whether a decision keeps any of two leaders' units apart, or prints them differently. */
  areApart(a: TagUnit, b: TagUnit): boolean {
    const [printedA, printedB] = [this.printed.get(a), this.printed.get(b)];
    if (printedA !== undefined && printedB !== undefined && printedA !== printedB) return true;
    return this.membersOf(a).some((unit) => {
      const others = this.apart.get(unit);
      return others !== undefined && this.membersOf(b).some((other) => others.has(other));
    });
  }

  /** Join a leader, with all that counts as it, to another leader. */
  join(unit: TagUnit, leader: TagUnit, reason: 'semantic' | 'decision', similarity: number | null): void {
    unit.reason = reason;
    unit.similarity = similarity;
    const joined = this.membersOf(unit);
    for (const member of joined) member.leader = leader;
    this.members.set(leader, [...this.membersOf(leader), ...joined]);
    this.members.delete(unit);
    const name = this.printed.get(unit);
    if (name !== undefined && !this.printed.has(leader)) this.printed.set(leader, name);
  }

  /** List all raw tags, in code point order. */
  aliases(): Alias[] {
    return this.units
      .flatMap((unit) => {
        const canonical = this.nameOf(unit.leader);
        const joined = unit.leader === unit ? null : (unit.reason ?? 'decision');
        return unit.raws.map((raw): Alias => {
          const reason =
            raw === canonical ? 'same' : (joined ?? (unit.name === canonical ? 'spelling' : 'decision'));
          return {
            raw,
            canonical,
            uses: this.counts.get(raw) ?? 0,
            reason,
            similarity: reason === 'semantic' ? unit.similarity : null,
          };
        });
      })
      .sort((a, b) => byCodePoint(a.raw, b.raw));
  }

  /** List the units that count as another one, the most used first. */
  merges(): Merge[] {
    return this.units
      .filter(({ leader, name, raws }) => raws.length > 0 && this.nameOf(leader) !== name)
      .map(({ name, leader, reason, similarity, uses }) => ({
        tag: name,
        canonical: this.nameOf(leader),
        reason: reason ?? 'decision',
        similarity,
        uses,
      }))
      .sort((a, b) => b.uses - a.uses || byCodePoint(a.tag, b.tag));
  }

  private addGroup(canonical: string, raws: readonly string[], loners: ReadonlySet<string>): void {
    const alone = new Map<string, string[]>();
    const rest: string[] = [];
    for (const raw of raws) {
      const normal = normaliseTag(raw);
      if (!loners.has(normal)) rest.push(raw);
      else alone.set(normal, [...(alone.get(normal) ?? []), raw]);
    }
    if (rest.length > 0) this.add(alone.size === 0 ? canonical : surfaceForm(rest, this.counts), rest);
    for (const own of alone.values()) this.add(surfaceForm(own, this.counts), own);
  }

  private add(name: string, raws: readonly string[]): TagUnit {
    let uses = 0;
    for (const raw of raws) uses += this.counts.get(raw) ?? 0;
    const unit = new TagUnit(name, raws, uses);
    this.units.push(unit);
    this.members.set(unit, [unit]);
    for (const raw of [...raws, name]) {
      if (!this.byRaw.has(raw)) this.byRaw.set(raw, unit);
      const normal = normaliseTag(raw);
      if (!this.byNormal.has(normal)) this.byNormal.set(normal, unit);
      const key = spellingKey(raw);
      if (!this.byKey.has(key)) this.byKey.set(key, unit);
    }
    return unit;
  }

  private find(tag: string): TagUnit | undefined {
    return this.byRaw.get(tag) ?? this.byNormal.get(normaliseTag(tag)) ?? this.byKey.get(spellingKey(tag));
  }

  private joinAsDecided(decision: Decision): void {
    if (!('canonical' in decision) && !decision.same) return;
    const [tagA, tagB] = tagsOf(decision);
    const a = this.find(tagA);
    const b = this.find(tagB) ?? ('canonical' in decision ? this.add(tagB, []) : undefined);
    if (a === undefined || b === undefined) {
      this.nUnused++;
      return;
    }
    const [first, second] = [a.leader, b.leader].sort(
      (x, y) => this.usesOf(y) - this.usesOf(x) || byCodePoint(x.name, y.name),
    ) as [TagUnit, TagUnit];
    if (first !== second) this.join(second, first, 'decision', null);
    if ('canonical' in decision) this.printed.set(a.leader, decision.canonical);
  }

  private keepApartAsDecided(decision: Decision, file: string | undefined): void {
    if ('canonical' in decision || decision.same) return;
    const [a, b] = [this.find(decision.a), this.find(decision.b)];
    if (a === undefined || b === undefined) {
      this.nUnused++;
      return;
    }
    if (a.leader === b.leader) {
      throw new TagdistillError(
        'E_BAD_ROW',
        `${JSON.stringify(decision.a)} and ${JSON.stringify(decision.b)} are not the same here, but other decisions join spellings of them`,
        {
          ...(file !== undefined && { file }),
          ...(decision.line !== undefined && { line: decision.line }),
          hint: `Both are spellings of ${JSON.stringify(this.nameOf(a.leader))}: take this line out, or the others.`,
        },
      );
    }
    this.apart.set(a, (this.apart.get(a) ?? new Set()).add(b));
    this.apart.set(b, (this.apart.get(b) ?? new Set()).add(a));
  }

  private membersOf(leader: TagUnit): readonly TagUnit[] {
    return this.members.get(leader) ?? [];
  }

  private usesOf(leader: TagUnit): number {
    return this.membersOf(leader).reduce((sum, { uses }) => sum + uses, 0);
  }
}

/** List the normalised tags that decisions take out of a group of spellings. */
function normalFormsApart(decisions: readonly Decision[], { canonicalOf }: AliasTable): ReadonlySet<string> {
  const groupOf = new Map<string, string>();
  for (const [raw, canonical] of canonicalOf) groupOf.set(normaliseTag(raw), canonical);
  const apart = new Set<string>();
  for (const decision of decisions) {
    if ('canonical' in decision || decision.same) continue;
    const [a, b] = [normaliseTag(decision.a), normaliseTag(decision.b)].sort(byCodePoint) as [string, string];
    const group = groupOf.get(a);
    if (group === undefined || group !== groupOf.get(b)) continue;
    apart.add(normaliseTag(group) === b ? a : b);
  }
  return apart;
}
