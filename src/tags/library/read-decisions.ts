import { SPACES } from '../../core/space.js';
import type { InputRecord } from '../../dataset/input-record.js';
import { readJsonlRecords } from '../../dataset/read-jsonl-records.js';
import { RowProblems } from '../../dataset/row-problems.js';
import { show } from '../../dataset/show.js';
import { checkDecisions, type Decision, type Decisions } from '../merge/decisions.js';

const HINT =
  'A line is {"space":"item","a":"...","b":"...","same":true} or {"space":"item","tag":"...","canonical":"..."}.';

/**
 * Read what people decided about merges: JSON Lines, one decision a line.
 *
 * `{"space","a","b","same"}` joins two tags or keeps them apart; `{"space","tag","canonical"}` joins a tag to the one
 * that is printed for both. A file without a line decides nothing.
 *
 * @throws TagdistillError `E_BAD_ROW` with the line: no decision, or one that contradicts another; and what reading
 *   throws
 */
export async function readDecisions(
  file: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Decisions> {
  const problems = new RowProblems(true);
  const all: Decision[] = [];
  for await (const record of readJsonlRecords(file, { problems, ...(signal && { signal }) })) {
    const decision = asDecision(record);
    if (typeof decision === 'string') problems.add(decision, HINT, record.place);
    else all.push(decision);
  }
  return checkDecisions(all, file);
}

function asDecision({ place, value }: InputRecord): Decision | string {
  const { space: given, a, b, same, tag, canonical } = value;
  const space = SPACES.find((name) => name === given);
  if (space === undefined) return `space is ${show(given)}, not ${SPACES.join(' or ')}`;
  const at = place.line === undefined ? {} : { line: place.line };
  const isPair = a !== undefined || b !== undefined || same !== undefined;
  const isNaming = tag !== undefined || canonical !== undefined;
  if (isPair && isNaming) return 'the line has both a pair ("a", "b") and a name ("tag", "canonical")';
  if (isNaming) {
    if (typeof tag !== 'string') return `tag is ${show(tag)}, not a text`;
    if (typeof canonical !== 'string') return `canonical is ${show(canonical)}, not a text`;
    return { space, tag, canonical, ...at };
  }
  if (typeof a !== 'string') return `a is ${show(a)}, not a text`;
  if (typeof b !== 'string') return `b is ${show(b)}, not a text`;
  if (typeof same !== 'boolean') return `same is ${show(same)}, not true or false`;
  return { space, a, b, same, ...at };
}
