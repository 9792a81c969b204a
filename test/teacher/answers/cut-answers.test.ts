import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/dataset/rows.js';
import { parseAnswer, type ParsedAnswer } from '../../../teacher/answers/parse-answer.js';
import { sharedData } from '../../support/shared-data.js';

const dir = sharedData('teacher-books');

interface Recorded {
  readonly task: Task;
  readonly raw: string;
}

function recorded(name: string): Recorded[] {
  const lines = readFileSync(join(dir!, name), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { direction, raw } = JSON.parse(line) as { direction?: Task; raw: string };
    return { task: direction ?? 'item2tag', raw };
  });
}

const tagsOf = (answer: ParsedAnswer): Readonly<Record<'item' | 'user', readonly unknown[]>> => ({
  item: (answer.state === 'ok' ? answer.tags.item : undefined) ?? [],
  user: (answer.state === 'ok' ? answer.tags.user : undefined) ?? [],
});

/** The text of an answer's first bytes, as a reader of UTF-8 has it. */
const cut = (raw: string, nBytes: number): string => Buffer.from(raw).subarray(0, nBytes).toString('utf8');

function expectWholeTags({ task, raw }: Recorded, nBytes: number): void {
  const whole = tagsOf(parseAnswer(task, raw));
  const text = cut(raw, nBytes);
  const kept = tagsOf(parseAnswer(task, text, { isCut: true }));
  expect(kept.item, text).toEqual(whole.item.slice(0, kept.item.length));
  expect(kept.user, text).toEqual(whole.user.slice(0, kept.user.length));
  // All that stands whole before the cut is kept: an object that is closed, or a line that has ended.
  const nWhole =
    task === 'item2tag' ? (text.match(/\}(?=[,\]])/gu) ?? []).length : (text.match(/\n/gu) ?? []).length;
  expect(kept.item.length + kept.user.length, text).toBeGreaterThanOrEqual(nWhole);
}

describe.skipIf(dir === null)('real answers that break off', () => {
  const answers =
    dir === null ? [] : [...recorded('answers-item2tag.jsonl'), ...recorded('answers-tag2tag.jsonl')];

  it('all parse where they are whole', () => {
    const unread = answers.filter(({ task, raw }) => parseAnswer(task, raw).state !== 'ok');
    expect(unread).toEqual([]);
  });

  it('keep their whole tags and gain none, at every byte of some', () => {
    for (const answer of [...answers.slice(0, 3), ...answers.slice(-20)]) {
      for (let n = Buffer.byteLength(answer.raw) - 1; n > 0; n--) expectWholeTags(answer, n);
    }
  });

  it('keep their whole tags and gain none, at any byte of any', () => {
    fc.assert(
      fc.property(fc.nat(answers.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (i, share) => {
        const answer = answers[i]!;
        expectWholeTags(answer, Math.floor(share * (Buffer.byteLength(answer.raw) - 1)));
      }),
      { numRuns: 3000 },
    );
  });

  it('keep their whole tags in a code fence, and after thoughts', () => {
    fc.assert(
      fc.property(fc.nat(answers.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (i, share) => {
        const { task, raw } = answers[i]!;
        const whole = tagsOf(parseAnswer(task, raw));
        const text = cut(raw, Math.floor(share * (Buffer.byteLength(raw) - 1)));
        const kept = tagsOf(
          parseAnswer(task, `<think>1. no\n{"a": ["b"]}</think>\n\`\`\`json\n${text}`, { isCut: true }),
        );
        expect(kept.item).toEqual(whole.item.slice(0, kept.item.length));
        expect(kept.user).toEqual(whole.user.slice(0, kept.user.length));
      }),
      { numRuns: 1000 },
    );
  });
});
