import { readTagLines, readTagValue } from './tag-list.js';
import type { ParsedTag } from './tag-text.js';
import { afterThoughts } from './thoughts.js';
import { findJson } from './tolerant-json.js';

/** What a tag2tag answer says; `notes` tell what could not be used as given. */
export type TargetAnswer =
  | { readonly state: 'ok'; readonly targets: readonly ParsedTag[]; readonly notes: readonly string[] }
  | { readonly state: 'unparseable'; readonly reason: string; readonly notes: readonly string[] };

/**
 * Read an answer to a tag2tag prompt: the target tags, strongest first. Never throws.
 *
 * Takes the numbered list asked for, bulleted lines, lines with strengths, one line with commas, or JSON: a list, or
 * the first list inside an object.
 */
export function parseTargets(text: string): TargetAnswer {
  const notes: string[] = [];
  const answer = afterThoughts(text);
  for (const { value, isWhole } of findJson(answer)) {
    const list = firstList(value);
    const targets = list === null ? [] : readTagValue(list, notes);
    if (targets.length === 0) continue;
    if (!isWhole) notes.push('the JSON is cut short or broken; its whole tags are kept');
    return { state: 'ok', targets, notes };
  }
  const targets = readTagLines(answer, notes);
  if (targets.length > 0) return { state: 'ok', targets, notes };
  const begin = JSON.stringify(answer.trim().slice(0, 60));
  const reason =
    answer.trim() === ''
      ? 'the answer is empty'
      : `no list found in an answer of ${answer.trim().length} characters that begins ${begin}`;
  return { state: 'unparseable', reason, notes };
}

function firstList(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const inner: unknown[] = Object.values(value);
  const list = inner.find((entry) => Array.isArray(entry));
  if (list !== undefined) return list;
  return inner.length > 0 && inner.every((entry) => typeof entry === 'number') ? value : null;
}
