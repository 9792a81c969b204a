import { TagdistillError } from '../../src/core/errors.js';
import { loadPrices } from '../money/price-file.js';
import type { Price } from '../money/prices.js';
import type { SettledOptions, TeacherModel } from './run-options.js';

/** The price of each model of a run; null where it is not known. */
export interface ModelPrices {
  readonly teacher: Price | null;
  readonly strong: Price | null;
}

/**
 * Look the models of a run up in its price file.
 *
 * @throws TagdistillError `E_BAD_OPTION` for a budget without a price of every model; what reading the file throws
 */
export async function priceModels({
  teacher,
  strong,
  prices,
  budgetMicrousd,
}: Pick<SettledOptions, 'teacher' | 'strong' | 'prices' | 'budgetMicrousd'>): Promise<ModelPrices> {
  const priceOf = prices === undefined ? null : await loadPrices(prices);
  const find = (model: TeacherModel): Price | null => {
    const price = priceOf?.(model) ?? null;
    if (price === null && budgetMicrousd !== undefined) {
      const where = prices === undefined ? 'no prices are given' : `${prices} has no price for it`;
      throw new TagdistillError('E_BAD_OPTION', `a budget needs the price of ${model.model}, and ${where}`, {
        hint: 'Give --prices, a YAML or JSON file with an entry for the model.',
      });
    }
    return price;
  };
  return { teacher: find(teacher), strong: strong === undefined ? null : find(strong) };
}
