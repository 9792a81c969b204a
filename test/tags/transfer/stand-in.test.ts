import { beforeAll, describe, expect, it } from 'vitest';
import { readStaticEncoder } from '../../../src/features/read-static-encoder.js';
import { standInTest } from '../../../src/tags/transfer/stand-in.js';
import { MINILM_STATIC } from '../../support/minilm.js';

let forItem: ReturnType<typeof standInTest>;
let forUser: ReturnType<typeof standInTest>;

beforeAll(async () => {
  const { encoder } = await readStaticEncoder(MINILM_STATIC);
  const vectorOf = (text: string): Float32Array => encoder.vector(text);
  forItem = standInTest({ space: 'item', vectorOf });
  forUser = standInTest({ space: 'user', vectorOf });
});

describe('standInTest', () => {
  it('lets a target say the same or less', () => {
    for (const [tag, target] of [
      ['jazz music', 'jazz'],
      ['los angeles setting', 'los angeles'],
      ['biographies of scientists', 'scientist biography'],
    ] as const) {
      expect(forItem(tag, target), `${tag} -> ${target}`).toBe(true);
    }
    expect(forUser('pediatric nurse', 'nurse')).toBe(true);
    expect(forUser('elder law attorney', 'lawyer')).toBe(true);
  });

  it('lets no target say more', () => {
    for (const [tag, target] of [
      ['cooking', 'american home cooking'],
      ['virtual reality', '1990s virtual reality'],
      ['image', 'body image'],
    ] as const) {
      expect(forItem(tag, target), `${tag} -> ${target}`).toBe(false);
    }
  });

  it('keeps opposites and other numbers apart', () => {
    expect(forUser('bereaved daughter', 'bereaved mother')).toBe(false);
    expect(forItem('1980s music', '1990s music')).toBe(false);
    expect(forItem('1980s pop music', '1980s music')).toBe(true);
  });

  it('wants the word of a user tag that says who it is', () => {
    expect(forUser('friend of a survivor', 'friend')).toBe(false);
    expect(forUser('parent of reluctant reader', 'reluctant reader')).toBe(false);
    expect(forUser('reluctant reader parent', 'parent')).toBe(true);
    expect(forUser('music teacher', 'musician')).toBe(false);
  });

  it('loses no word that turns the meaning', () => {
    expect(forUser('former refugee', 'refugee')).toBe(false);
    expect(forUser('aspiring pilot', 'pilot')).toBe(false);
    expect(forItem('anti-consumerism', 'consumerism')).toBe(false);
  });

  it('has nothing to say of tags without words', () => {
    expect(forItem('', 'jazz')).toBe(false);
    expect(forItem('jazz', '🙂')).toBe(false);
  });
});
