import type { BundleManifest } from '../bundle/manifest.js';
import type { QuantisationLoss, StudentSettings } from '../../student/index.js';
import { count } from './output.js';

/** Say in one line what a student reads of an item. */
export function readsLine({ bag, tokens, hub, given }: BundleManifest['encoder']): string {
  const parts = [
    `${count(bag.nFeatures)} hashed words and n-grams${bag.leadWeight > 0 ? ', the lead apart' : ''}`,
    tokens && `static embeddings ${tokens.name} (${count(tokens.nDims)} numbers)`,
    hub && `sentence encoder ${hub.name} (${count(hub.nDims)} numbers, not in the bundle)`,
    given && `given vectors of ${count(given.nDims)} numbers`,
  ];
  return `reads ${parts.filter((part) => part !== undefined).join('; ')}`;
}

/** Say in one line how a student was made. */
export function settingsLine({
  loss,
  nDims,
  nHidden,
  batchSize,
  learningRate,
  featureDropout,
}: StudentSettings): string {
  return [
    `loss ${loss}`,
    `item embedding of ${count(nDims)} numbers`,
    nHidden > 0 ? `hidden layer of ${count(nHidden)}` : 'no hidden layer',
    `batches of ${count(batchSize)}`,
    `learning rate ${learningRate}`,
    ...(featureDropout > 0 ? [`feature dropout ${featureDropout}`] : []),
  ].join(', ');
}

/** Head of the column for {@link int8Cost}. */
export const INT8_COST = 'int8 costs most in, points [95 %]';

/** Say what int8 costs in the figure that loses most; a dash where nothing was compared. */
export function int8Cost(losses: readonly QuantisationLoss[] | undefined): string {
  if (losses === undefined || losses.length === 0) return '-';
  const worst = losses.reduce((a, b) => (b.loss > a.loss ? b : a));
  const { figure, loss, low, high } = worst;
  return `${figure} ${points(loss)} [${points(low)}, ${points(high)}]`;
}

/** Two decimals, zero without a sign; a dash for a bound that there is none. */
function points(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  return value.toFixed(2).replace(/^-0\.00$/, '0.00');
}

/** Read what int8 costs from a manifest; empty where an older or other tool wrote something else there. */
export function int8LossesOf({ metrics }: BundleManifest): Readonly<Record<string, QuantisationLoss[]>> {
  const { quantisation } = metrics;
  if (typeof quantisation !== 'object' || quantisation === null) return {};
  return Object.fromEntries(
    Object.entries(quantisation).flatMap(([space, losses]: [string, unknown]) =>
      Array.isArray(losses) && losses.length > 0 && losses.every(isLoss) ? [[space, losses]] : [],
    ),
  );
}

function isLoss(value: unknown): value is QuantisationLoss {
  const { figure, loss, low, high } = (value ?? {}) as Partial<Record<keyof QuantisationLoss, unknown>>;
  // JSON has no infinity: bounds that are none stand as null there.
  const isBound = (x: unknown): boolean => x === null || typeof x === 'number';
  return typeof figure === 'string' && typeof loss === 'number' && isBound(low) && isBound(high);
}
