import { describe, expect, it } from 'vitest';
import { readArrowRows } from '../../../src/dataset/arrow-reader.js';
import { traceTag } from '../../../src/tags/library/trace-tag.js';

const BOOKS = 'datasets/books';

describe('traceTag', () => {
  it('gives every form of a tag, the items that have it and the answers that named it', async () => {
    const { item } = await traceTag(BOOKS, 'MOTHERS and daughters.');
    expect(item!.canonical).toBe('mothers and daughters');
    expect(item!.forms.map(({ raw }) => raw)).toContain('mother and daughter');
    expect(item!.forms.reduce((sum, { uses }) => sum + uses, 0)).toBe(item!.uses.length);
    const keys = new Set<string>();
    for await (const batch of readArrowRows(`${BOOKS}/calls.arrow`, 'calls')) {
      for (const { key } of batch) keys.add(key);
    }
    for (const { callKeys } of item!.uses) expect(callKeys.every((key) => keys.has(key))).toBe(true);
    expect(item!.uses.every(({ callKeys }) => callKeys.length > 0)).toBe(true);
  });

  it('starts from any form of the tag', async () => {
    const [one, other] = [
      await traceTag(BOOKS, 'mother and daughter'),
      await traceTag(BOOKS, 'mothers and daughters'),
    ];
    expect(one).toEqual(other);
  });

  it('says so when no item has the tag', async () => {
    await expect(traceTag(BOOKS, 'no such tag at all')).rejects.toMatchObject({ code: 'E_BAD_OPTION' });
  });
});
