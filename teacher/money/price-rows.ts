import { z } from 'zod';
import { TagdistillError } from '../../src/core/errors.js';
import { glob } from './glob.js';
import type { Price } from './prices.js';

export interface PriceRow {
  readonly model: (name: string) => boolean;
  /** Null: at any endpoint. */
  readonly baseUrl: ((url: string) => boolean) | null;
  readonly price: Price;
}

const DEFAULT_BATCH_DISCOUNT = 0.5;

/** Dollars per million tokens under this, but not 0, are dollars a token, as other tools write them. */
const LEAST_PRICE = 0.0005;

const dollars = z
  .number()
  .nonnegative()
  .refine((price) => price === 0 || price >= LEAST_PRICE, {
    error: 'is too little for a price per million tokens; was it meant per token?',
  });
const name = z.string().trim().min(1);

const file = z.strictObject({
  prices: z
    .array(
      z.strictObject({
        model: name,
        base_url: name.optional(),
        input: dollars,
        cached_input: dollars.optional(),
        output: dollars,
        batch_discount: z.number().min(0).max(1).default(DEFAULT_BATCH_DISCOUNT),
        image_tokens: z.number().nonnegative().optional(),
        as_of: z.iso.date().optional(),
        source: z.string().optional(),
      }),
    )
    .min(1),
});

/**
 * Check the content of a price file and give its entries in order.
 *
 * @throws TagdistillError `E_FILE_FORMAT` with the place, what stands there and what should
 */
export function priceRows(content: unknown, path: string): PriceRow[] {
  const checked = file.safeParse(content);
  if (!checked.success) throw problem(checked.error.issues[0]!, content, path);
  return checked.data.prices.map((entry) => ({
    model: glob(entry.model),
    baseUrl: entry.base_url === undefined ? null : glob(entry.base_url.replace(/\/+$/u, '')),
    price: {
      inPerMillion: entry.input,
      cachedInPerMillion: entry.cached_input ?? entry.input,
      outPerMillion: entry.output,
      batchDiscount: entry.batch_discount,
      ...(entry.image_tokens === undefined ? {} : { imageTokens: entry.image_tokens }),
      ...(entry.as_of === undefined ? {} : { asOf: entry.as_of }),
    },
  }));
}

function problem({ path, message }: z.core.$ZodIssue, content: unknown, file: string): TagdistillError {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  const found = path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step],
    content,
  );
  const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
  return new TagdistillError(
    'E_FILE_FORMAT',
    `${place.replace(/^\./u, '') || 'the file'} is ${shown}: ${message}`,
    {
      hint:
        'Write a list "prices" of entries with model, input and output, in US dollars per million tokens, as plain ' +
        'numbers; base_url, cached_input, batch_discount (0 to 1), image_tokens, as_of and source may be left out.',
      file,
    },
  );
}
