import type { TrainOptions } from '../../student/index.js';
import { chooseSettings, secondTry, type DataFacts, type StudentSettings } from '../../student/settings.js';
import { STUDENT, type System } from './systems.js';

/** The student with one thing changed. */
export interface Ablation extends System {
  readonly script: null;
  readonly settings: Pick<TrainOptions, 'encoder' | 'precision'> & {
    readonly settings?: Partial<StudentSettings>;
  };
}

/** What each part of the student brings, run with --ablate or by name, and left out of the comparison with peers. */
export const ABLATIONS: readonly Ablation[] = [
  ablation('softmax', 'softmax loss', { settings: { loss: 'softmax' } }),
  ablation('bce', 'binary cross entropy', { settings: { loss: 'bce' } }),
  ablation('decoupled', 'decoupled softmax loss', { settings: { loss: 'decoupled' } }),
  ablation('bce-negatives', 'binary cross entropy, tags not named weigh half', {
    settings: { loss: 'bce', negativeWeight: 0.5 },
  }),
  ablation('temperature', 'temperature 2', { settings: { temperature: 2 } }),
  ablation('propensity', 'named tags weighed by their inverse propensity', {
    settings: { propensityPower: 1 },
  }),
  ablation('margin', 'margin loss of weight 0.1 beside the loss', { settings: { marginWeight: 0.1 } }),
  ablation('no-static', 'no static token embeddings', { encoder: 'none' }),
  ablation('no-lead', 'the lead not read once more', { settings: { leadWeight: 0 } }),
  ablation('lead', 'the lead read once more, of half the weight', { settings: { leadWeight: 0.5 } }),
  ablation('no-hidden', 'no hidden layer', { settings: { nHidden: 0 } }),
  ablation('hidden', 'a hidden layer of 512', { settings: { nHidden: 512 } }),
  ablation('no-linear', 'no linear classifiers beside the network', { settings: { linearWeight: 0 } }),
  ablation('float32', 'exported as float32', { precision: 'float32' }),
];

/** Tell whether an ablation changes nothing of what the student chooses for the data by itself. */
export function repeatsDefault(
  { settings: { encoder, precision, settings = {} } }: Ablation,
  facts: DataFacts,
): boolean {
  if (encoder !== undefined || precision !== undefined) return false;
  const chosen = chooseSettings(facts);
  // A given weight of the lead also saves the second try, in which the default may choose another.
  const savesTry =
    settings.leadWeight !== undefined && secondTry(chosen, { ...facts, given: {} }) !== undefined;
  return (
    !savesTry &&
    Object.entries(settings).every(([name, value]) => chosen[name as keyof StudentSettings] === value)
  );
}

function ablation(name: string, about: string, settings: Ablation['settings']): Ablation {
  return { name: `${STUDENT}-${name}`, about, script: null, settings };
}
