import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, showFields } from '../../../teacher/questions/shown-text.js';

const options = { maxLength: 1000 };

describe('showFields', () => {
  it('puts each field under its name, in the order asked for', () => {
    const record = { ocr: 'SALE', title: 'Knots', asr: 'so today', video_length: 12.5, tags: ['rope', 7] };
    const { text } = showFields(record, ['title', 'asr', 'ocr', 'video_length', 'tags'], options)!;
    expect(text).toBe('Title: Knots\nASR: so today\nOCR: SALE\nVideo length: 12.5\nTags: rope, 7');
  });

  it('leaves out blank fields, and finds nothing where all are blank', () => {
    expect(showFields({ title: 'Knots', asr: ' ', ocr: null }, ['title', 'asr', 'ocr'], options)).toEqual({
      text: 'Title: Knots',
      nCut: 0,
    });
    expect(showFields({ title: '' }, ['title', 'asr'], options)).toBeNull();
  });

  it('finds fields that a data set keeps as JSON', () => {
    const record = { item_id: '1', text: 'x', fields: '{"title":"Knots"}' };
    expect(showFields(record, ['title'], options)?.text).toBe('Title: Knots');
  });

  it('cuts a giant field rather than those beside it', () => {
    const record = { title: 'Knots', asr: 'a'.repeat(5000), ocr: 'SALE' };
    const shown = showFields(record, ['title', 'asr', 'ocr'], { maxLength: 100 })!;
    expect(shown.text).toBe(`Title: Knots\nASR: ${'a'.repeat(91)} [...]\nOCR: SALE`);
    expect(shown.nCut).toBe(5000 - 91);
  });

  it('never shows more of the values than was asked for, and all of them where they fit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), (lengths) => {
        const record = Object.fromEntries(lengths.map((n, i) => [`f${i}`, 'x'.repeat(n)]));
        const { text, nCut } = showFields(record, Object.keys(record), { maxLength: 200 })!;
        const total = lengths.reduce((a, b) => a + b, 0);
        const nShown = text.replace(/[^x]/g, '').length;
        expect(nShown + nCut).toBe(total);
        expect(nShown).toBeLessThanOrEqual(200);
        if (total <= 200) expect(nCut).toBe(0);
        else expect(nShown).toBeGreaterThan(200 - lengths.length);
      }),
    );
  });
});

describe('cutText', () => {
  it('keeps a text that fits, and cuts no emoji in half', () => {
    expect(cutText('a😀b', 4)).toEqual({ text: 'a😀b', nCut: 0 });
    expect(cutText('a😀b', 3)).toEqual({ text: 'a😀 [...]', nCut: 1 });
    expect(cutText('a😀b', 2)).toEqual({ text: 'a [...]', nCut: 3 });
  });

  it('replaces lone surrogates, which no request can carry', () => {
    expect(cutText('a\ud800b', 10).text).toBe('a\ufffdb');
  });
});
