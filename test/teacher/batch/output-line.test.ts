import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOutputLine } from '../../../teacher/batch/output-line.js';
import { splitLines } from '../../../teacher/batch/split-lines.js';
import { errorLine, outputLine } from '../../support/batch-server.js';
import { completion } from './completions.js';

const KEY = 'a'.repeat(32);
const context = { url: 'batch_1', model: 'cheap', scrub: (text: string): string => text, now: 0 };
const read = (line: unknown): ReturnType<typeof readOutputLine> =>
  readOutputLine(typeof line === 'string' ? line : JSON.stringify(line), context);

describe('readOutputLine', () => {
  it('gives the answer under its key', () => {
    expect(read(outputLine({ custom_id: KEY }, completion('oak')))).toMatchObject({
      state: 'answer',
      key: KEY,
      answer: { rawText: 'oak', usage: { tokensIn: 1000, tokensOut: 100 }, modelReturned: 'cheap-2026' },
    });
  });

  it('tells requests that the server did not come to from those that failed', () => {
    expect(read(errorLine({ custom_id: KEY }, 'batch_expired'))).toEqual({ state: 'not_asked', key: KEY });
    expect(read(errorLine({ custom_id: KEY }, 'batch_cancelled'))).toEqual({ state: 'not_asked', key: KEY });
    expect(read(errorLine({ custom_id: KEY }, 'server_error'))).toMatchObject({
      state: 'failure',
      failure: { kind: 'server' },
    });
  });

  it.each([
    [429, 'Rate limit reached', 'rate_limit'],
    [401, 'Incorrect API key', 'bad_key'],
    [400, 'The image is broken', 'bad_request'],
    [503, 'Overloaded', 'server'],
  ])('classes a response of status %d as an online one', (status, message, kind) => {
    const line = outputLine({ custom_id: KEY }, { error: { message } }, status);
    expect(read(line)).toMatchObject({ state: 'failure', failure: { kind } });
  });

  it('never throws, whatever stands there', () => {
    const wild = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record(
          { custom_id: fc.anything(), response: fc.anything(), error: fc.anything() },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? 0 : part))),
      fc
        .record({ status_code: fc.integer({ min: -1, max: 999 }), body: fc.jsonValue() })
        .map((response) => JSON.stringify({ custom_id: KEY, response })),
    );
    fc.assert(
      fc.property(wild, (line) => {
        expect(['answer', 'failure', 'not_asked', 'garbage']).toContain(readOutputLine(line, context).state);
      }),
    );
  });
});

describe('splitLines', () => {
  const split = async (chunks: readonly Uint8Array[]): Promise<(string | null)[]> => {
    const lines: (string | null)[] = [];
    const source = (async function* () {
      await Promise.resolve();
      yield* chunks;
    })();
    for await (const line of splitLines(source)) lines.push(line);
    return lines;
  };

  it('gives the same lines wherever the chunks are cut, through characters too', async () => {
    const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => `x${text.replace(/\n/gu, ' ')}`));
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(200)), fc.boolean(), async (wanted, cuts, hasEnd) => {
        const bytes = Buffer.from(wanted.join('\n') + (hasEnd ? '\n' : ''));
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(await split(chunks)).toEqual(wanted);
      }),
    );
  });

  it('passes over a line that is too long, and goes on after it', async () => {
    const mebibyte = Buffer.alloc(2 ** 20, 97);
    const chunks = [Buffer.from('a\n'), ...Array.from({ length: 65 }, () => mebibyte), Buffer.from('\nb')];
    expect(await split(chunks)).toEqual(['a', null, 'b']);
  });
});
