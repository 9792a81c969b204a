import { SPACES, type Space } from '../../src/core/space.js';
import type { CallRow, Direction, ItemTagRow, TagEdgeRow } from '../../src/dataset/rows.js';
import { normaliseTag } from '../../src/tags/index.js';
import { parseAnswer, targetSpace } from './parse-answer.js';
import type { ParsedTag } from './tag-text.js';

/** One usable answer about one item or source tag. */
export interface Answer {
  readonly callKey: string;
  readonly sample: number;
  readonly tags: Readonly<Partial<Record<Space, readonly ParsedTag[]>>>;
}

/** Read a stored call again; null unless its status is `ok` and its text still parses. */
export function answerOf(call: CallRow): Answer | null {
  if (call.status !== 'ok') return null;
  const parsed = parseAnswer(call.task, call.raw_text, { isCut: call.finish_reason === 'length' });
  return parsed.state === 'ok' ? { callKey: call.key, sample: call.sample, tags: parsed.tags } : null;
}

/**
 * Collect the answers about one item into its rows of `item_tags`, item space first.
 *
 * Tags that normalise alike are one; it is written as first given. `score` is the mean strength over the answers
 * that give one. `rank` orders by the mean place over all answers, where an answer without the tag counts as its
 * end; ties go to the higher score, then to the tag seen first. One answer alone keeps its order.
 */
export function collectItemTags(itemId: string, answers: readonly Answer[]): ItemTagRow[] {
  return SPACES.flatMap((space) =>
    tally(answers, space).map(({ raw, tag, score, callKeys }, rank) => ({
      item_id: itemId,
      space,
      tag_raw: raw,
      tag,
      rank,
      score,
      votes: callKeys.length,
      samples: answers.length,
      logprob: null,
      call_keys: callKeys,
    })),
  );
}

/** Collect the answers about one source tag into its rows of `tag_edges`, by the rules of {@link collectItemTags}. */
export function collectEdges(direction: Direction, source: string, answers: readonly Answer[]): TagEdgeRow[] {
  return tally(answers, targetSpace(direction)).map(({ raw, tag, score, callKeys }, rank) => ({
    direction,
    source,
    target_raw: raw,
    target: tag,
    rank,
    score,
    votes: callKeys.length,
    samples: answers.length,
    call_keys: callKeys,
  }));
}

interface Tally {
  readonly raw: string;
  readonly tag: string;
  readonly score: number | null;
  readonly meanPlace: number;
  readonly callKeys: readonly string[];
}

function tally(answers: readonly Answer[], space: Space): Tally[] {
  const inOrder = [...answers].sort((a, b) => a.sample - b.sample);
  const nPlaces = inOrder.reduce((sum, { tags }) => sum + (tags[space]?.length ?? 0), 0);
  const named = new Map<string, { raw: string; scores: number[]; places: number; callKeys: string[] }>();
  for (const { callKey, tags } of inOrder) {
    const list = tags[space] ?? [];
    list.forEach(({ raw, score }, place) => {
      const tag = normaliseTag(raw);
      let entry = named.get(tag);
      if (entry === undefined) named.set(tag, (entry = { raw, scores: [], places: nPlaces, callKeys: [] }));
      if (score !== null) entry.scores.push(score);
      entry.places += place - list.length;
      entry.callKeys.push(callKey);
    });
  }
  const tallies = Array.from(named, ([tag, { raw, scores, places, callKeys }]) => ({
    raw,
    tag,
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    meanPlace: places / inOrder.length,
    callKeys,
  }));
  return tallies.sort((a, b) => a.meanPlace - b.meanPlace || (b.score ?? -1) - (a.score ?? -1));
}
