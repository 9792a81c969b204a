import { describe, expect, it } from 'vitest';
import { loadPrices } from '../../../teacher/money/price-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const OPENAI = 'https://api.openai.com/v1';
const at = (model: string, baseUrl = OPENAI) => ({ model, baseUrl });

const YAML = `
# US dollars per million tokens
prices:
  - model: gpt-x-mini
    input: 0.15
    cached_input: 0.075
    output: 0.60
    as_of: 2026-01-31
    source: https://example.com/pricing
  - model: gpt-x*
    base_url: https://api.openai.com/v1/
    input: 2
    output: 8
    batch_discount: 0.25
    image_tokens: 765
  - { model: "*", base_url: "http://localhost*", input: 0, output: 0 }
`;

describe('loadPrices', () => {
  it('reads YAML, filling in what is left out', async () => {
    const priceOf = await loadPrices(await folder.write('prices.yaml', YAML));
    expect(priceOf(at('gpt-x-mini'))).toEqual({
      inPerMillion: 0.15,
      cachedInPerMillion: 0.075,
      outPerMillion: 0.6,
      batchDiscount: 0.5,
      asOf: '2026-01-31',
    });
    expect(priceOf(at('gpt-x-large'))).toEqual({
      inPerMillion: 2,
      cachedInPerMillion: 2,
      outPerMillion: 8,
      batchDiscount: 0.25,
      imageTokens: 765,
    });
  });

  it('reads JSON, with a byte order mark too', async () => {
    const json = JSON.stringify({ prices: [{ model: 'm', input: 1, output: 2 }] }, null, 2);
    const priceOf = await loadPrices(await folder.write('prices.json', `\ufeff${json}`));
    expect(priceOf(at('m'))?.outPerMillion).toBe(2);
  });

  it('takes the first entry that fits the model and the endpoint', async () => {
    const priceOf = await loadPrices(await folder.write('first.yaml', YAML));
    expect(priceOf(at('gpt-x-mini'))?.inPerMillion).toBe(0.15);
    expect(priceOf(at('gpt-x-mini', 'http://localhost:8000/v1'))?.inPerMillion).toBe(0.15);
    expect(priceOf(at('gpt-x', `${OPENAI}/`))?.inPerMillion).toBe(2);
    expect(priceOf(at('gpt-x', 'http://localhost:8000/v1'))?.inPerMillion).toBe(0);
  });

  it('has no price for what no entry fits, rather than a wrong one', async () => {
    const priceOf = await loadPrices(await folder.write('none.yaml', YAML));
    expect(priceOf(at('other'))).toBeNull();
    expect(priceOf(at('my-gpt-x-mini'))).toBeNull();
    expect(priceOf(at('gpt-x-mini-2026'))?.inPerMillion).toBe(2);
  });

  it.each([
    ['prices: [{model: m, input: "$0.15", output: 1}]', 'prices[0].input is "$0.15"'],
    ['prices: [{model: m, input: 1}]', 'prices[0].output is nothing'],
    ['prices: [{model: m, input: -1, output: 1}]', 'prices[0].input is -1'],
    ['prices: [{model: m, input: .nan, output: 1}]', 'prices[0].input is'],
    ['prices: [{model: m, input: .inf, output: 1}]', 'prices[0].input is'],
    ['prices: [{model: m, input: 1.5e-7, output: 6e-7}]', 'meant per token'],
    ['prices: [{model: m, input: 1, output: 1}, {model: "", input: 1, output: 1}]', 'prices[1].model is ""'],
    ['prices: [{model: 4, input: 1, output: 1}]', 'prices[0].model is 4'],
    ['prices: [{model: m, input: 1, output: 1, batch_discount: 50}]', 'prices[0].batch_discount is 50'],
    ['prices: [{model: m, input: 1, output: 1, as_of: yesterday}]', 'prices[0].as_of is "yesterday"'],
    ['prices: [{model: m, input: 1, ouput: 1}]', 'prices[0]'],
    ['prices: []', 'prices is []'],
    ['prices: 3', 'prices is 3'],
    ['- model: m', 'the file is ['],
    ['null', 'the file is null'],
    ['just words', 'the file is "just words"'],
  ])('says where and what is wrong in %s', async (content, message) => {
    const path = await folder.write('wrong.yaml', content);
    await expect(loadPrices(path)).rejects.toMatchObject({
      code: 'E_FILE_FORMAT',
      file: path,
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining('US dollars per million tokens') as string,
    });
  });

  it('says the line of what is no YAML', async () => {
    const path = await folder.write('broken.yaml', 'prices:\n  - model: m\n    input: [1\n');
    await expect(loadPrices(path)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', line: 4, file: path });
    const twice = await folder.write('twice.yaml', 'prices: []\nprices: []\n');
    await expect(loadPrices(twice)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', line: 2 });
  });

  it('refuses files made to blow up, with the file named', async () => {
    const path = await folder.write('deep.yaml', '['.repeat(50_000));
    await expect(loadPrices(path)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file: path });
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    const laughs = await folder.write('laughs.yaml', ['a0: &a0 [x, x]', ...levels].join('\n'));
    await expect(loadPrices(laughs)).rejects.toMatchObject({ code: 'E_FILE_FORMAT', file: laughs });
  });

  it('tells a missing file, a folder and an empty file apart from wrong ones', async () => {
    const missing = folder.path('missing.yaml');
    await expect(loadPrices(missing)).rejects.toMatchObject({ code: 'E_FILE_MISSING', file: missing });
    await expect(loadPrices(folder.path(''))).rejects.toMatchObject({ code: 'E_FILE_MISSING' });
    const empty = await folder.write('empty.yaml', ' \n');
    await expect(loadPrices(empty)).rejects.toMatchObject({ code: 'E_FILE_EMPTY', file: empty });
  });
});
