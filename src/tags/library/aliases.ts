import { TagdistillError } from '../../core/errors.js';
import { SPACES, type Space } from '../../core/space.js';
import { readArrowRows } from '../../dataset/arrow-reader.js';
import { canonicalNames, freezeAliases } from '../merge/alias-table.js';
import type { Alias } from '../merge/semantic-aliases.js';
import { normaliseTag } from '../normalise.js';
import { writeTable } from '../write-table.js';

/** The aliases of each space that has any, by raw tag in code point order. */
export type AliasesBySpace = Readonly<Partial<Record<Space, readonly Alias[]>>>;

/**
 * Write the frozen alias tables of a tag library as an Arrow file, whole or not at all; their hashes stand in the
 * schema metadata.
 *
 * @throws TagdistillError `E_FILE_WRITE`
 */
export async function writeAliases(path: string, aliases: AliasesBySpace): Promise<void> {
  const hashes = SPACES.flatMap((space): [string, string][] => {
    const of = aliases[space];
    if (of === undefined) return [];
    return [[`${space}_alias_hash`, freezeAliases(canonicalNames(of)).hash]];
  });
  const rows = SPACES.flatMap((space) =>
    (aliases[space] ?? []).map((alias) => ({ space, normalised: normaliseTag(alias.raw), ...alias })),
  );
  await writeTable(path, 'aliases', rows, Object.fromEntries(hashes));
}

/**
 * Read the alias tables of a tag library.
 *
 * @throws TagdistillError `E_BAD_ROW` for a space that is none, or a raw tag that comes twice; what reading throws
 */
export async function readAliases(path: string): Promise<Partial<Record<Space, Alias[]>>> {
  const aliases: Partial<Record<Space, Alias[]>> = {};
  const seen = { item: new Set<string>(), user: new Set<string>() };
  let row = 0;
  for await (const batch of readArrowRows(path, 'aliases')) {
    for (const { space, raw, canonical, uses, reason, similarity } of batch) {
      if (!SPACES.includes(space))
        throw bad(path, row, `space is ${JSON.stringify(space)}, not item or user`);
      if (seen[space].has(raw)) throw bad(path, row, `the ${space} tag ${JSON.stringify(raw)} comes twice`);
      seen[space].add(raw);
      (aliases[space] ??= []).push({ raw, canonical, uses, reason, similarity });
      row++;
    }
  }
  return aliases;
}

function bad(file: string, row: number, message: string): TagdistillError {
  return new TagdistillError('E_BAD_ROW', message, {
    file,
    row,
    hint: 'Make the tag library again with `tagdistill tags build`.',
  });
}
