import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDecisions } from '../../../src/tags/library/read-decisions.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'decisions-'));
});
afterAll(async () => rm(dir, { recursive: true }));

async function read(...lines: string[]): ReturnType<typeof readDecisions> {
  const file = join(dir, 'd.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  return readDecisions(file);
}
const pair = (a: string, b: string, same: boolean): string => JSON.stringify({ space: 'item', a, b, same });
const name = (tag: string, canonical: string): string => JSON.stringify({ space: 'item', tag, canonical });

describe('readDecisions', () => {
  it('reads pairs and names, passes over blank lines and keeps the line of each', async () => {
    const { all } = await read(pair('a', 'b', true), '', name('c', 'd'));
    expect(all).toEqual([
      { space: 'item', a: 'a', b: 'b', same: true, line: 1 },
      { space: 'item', tag: 'c', canonical: 'd', line: 3 },
    ]);
  });

  it.each([
    ['no JSON', '{"space":', /d\.jsonl:2: invalid JSON/],
    ['a list', '[]', /d\.jsonl:2: no JSON object/],
    ['no space', '{"a":"x","b":"y","same":true}', /d\.jsonl:2: space is nothing, not item or user/],
    ['a number for a tag', '{"space":"item","a":1,"b":"y","same":true}', /:2: a is 1, not a text/],
    ['NaN for same', '{"space":"item","a":"x","b":"y","same":null}', /:2: same is null, not true or false/],
    ['both forms', '{"space":"item","a":"x","tag":"y","canonical":"z"}', /:2: the line has both/],
    ['an empty tag', pair('...', 'y', true), /:2: "\.\.\." is no tag/],
    ['one tag twice', pair('Cat', 'cat', false), /:2: "Cat" and "cat" are one tag once they are normalised/],
  ])('refuses %s with the line and what was found', async (_, line, message) => {
    await expect(read(pair('a', 'b', true), line)).rejects.toThrow(message);
    await expect(read(pair('a', 'b', true), line)).rejects.toMatchObject({ code: 'E_BAD_ROW', line: 2 });
  });

  it('refuses a pair that other lines join, also by a chain', async () => {
    await expect(read(pair('a', 'b', true), pair('b', 'C', true), pair('c', 'a', false))).rejects.toThrow(
      /d\.jsonl:3: "c" and "a" are not the same here, but other decisions make them one, the first of them on line 1/,
    );
  });

  it('refuses two printed forms for one group', async () => {
    await expect(read(name('a', 'x'), pair('a', 'b', true), name('b', 'y'))).rejects.toThrow(
      /d\.jsonl:3: "b" is printed as "y" here, but "x" on line 1/,
    );
  });

  it('tells the spaces apart', async () => {
    const other = pair('a', 'b', false).replace('item', 'user');
    await expect(read(pair('a', 'b', true), other)).resolves.toMatchObject({ all: { length: 2 } });
  });

  it('says so when the file is missing or empty', async () => {
    await expect(readDecisions(join(dir, 'none.jsonl'))).rejects.toMatchObject({ code: 'E_FILE_MISSING' });
    await writeFile(join(dir, 'empty.jsonl'), '');
    await expect(readDecisions(join(dir, 'empty.jsonl'))).rejects.toMatchObject({ code: 'E_FILE_EMPTY' });
  });
});
