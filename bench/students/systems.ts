import type { Settings } from './system-run.js';

/** A competitor: a Python script with its settings, or this project's student. */
export interface System {
  readonly name: string;
  readonly about: string;
  /** In `peers/`; null for the student of this project. */
  readonly script: string | null;
  readonly settings: Settings;
  /** Other settings where a data set asks for them. */
  readonly settingsOf?: Readonly<Record<string, Settings>>;
  /** Data sets that it is left out of, with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
}

/** The student of this project with its defaults, as the tables name it. */
export const STUDENT = 'tagdistill';

const SCALE = 'the scale case is for time and memory of the student';
const svc = { model: 'svc', c: 1, ngrams: 2 };
// Of debtags' word pairs nine in ten stand in one package only.
const DEBTAGS = { min_df: 2 };
// Its early stopping sees no probability over a half here, and stops at once.
const SMALL_MODEL2VEC = { max_epochs: 30 };
const SMALL_FASTTEXT = { epoch: 100 };

// SetFit would encode every text many times over; once takes 100 CPU seconds for 1,871 questions.
/** Who takes part, in the order of the tables. */
export const SYSTEMS: readonly System[] = [
  {
    name: 'knn',
    about: 'TF-IDF nearest neighbours, votes weighted by strength',
    script: 'neighbours.py',
    settings: { k: { item: 40, user: 20 }, ngrams: 1, stop_words: true },
    skips: { synthetic: SCALE },
  },
  {
    name: 'knn-bigrams',
    about:
      'the same with word pairs, and the numbers of neighbours that were best on the development part of seed 1',
    script: 'neighbours.py',
    settings: { k: { item: 40, user: 40 }, ngrams: 2, stop_words: true },
    settingsOf: { stackexchange: { k: { item: 20 } }, 'stackexchange-test': { k: { item: 20 } } },
    skips: { synthetic: SCALE },
  },
  {
    name: 'minilm-knn',
    about: 'all-MiniLM-L6-v2 (frozen) nearest neighbours, votes weighted by strength',
    script: 'minilm_neighbours.py',
    settings: { k: { item: 40, user: 40 } },
    skips: {
      synthetic: SCALE,
      debtags: 'too slow: 1,871 questions take 100 CPU seconds, and this is 24,402 texts',
    },
  },
  {
    name: 'logistic',
    about: 'TF-IDF (words, bigrams), one-vs-rest LogisticRegression, C 20',
    script: 'linear.py',
    settings: { model: 'logistic', c: 20, ngrams: 2 },
    settingsOf: { debtags: DEBTAGS },
    skips: { synthetic: SCALE },
  },
  // liblinear's random numbers are shared by the threads: a rerun moves the figures of svc by about .001.
  {
    name: 'svc',
    about: 'TF-IDF (words, bigrams), one-vs-rest LinearSVC',
    script: 'linear.py',
    settings: svc,
    settingsOf: { debtags: DEBTAGS },
    skips: { synthetic: SCALE },
  },
  {
    name: 'svc-name',
    about:
      'the same with tokens and character 3-5-grams of the first sentence as fields of their own, of half the weight (better than the whole)',
    script: 'linear.py',
    settings: { ...svc, name: true, name_weight: 0.5 },
    settingsOf: { debtags: DEBTAGS },
    skips: { synthetic: SCALE },
  },
  {
    name: 'fasttext',
    about: 'fastText, one-vs-all loss, bigrams',
    script: 'fasttext_ova.py',
    settings: { lr: 0.5, epoch: 25, dim: 50, wordNgrams: 2, bucket: 2_000_000 },
    settingsOf: {
      books: SMALL_FASTTEXT,
      stackexchange: SMALL_FASTTEXT,
      'stackexchange-test': SMALL_FASTTEXT,
    },
    skips: { synthetic: SCALE },
  },
  {
    name: 'model2vec',
    about: "model2vec's classifier on all-MiniLM-L6-v2 distilled by model2vec",
    script: 'model2vec_classifier.py',
    settings: { pca_dims: 256 },
    settingsOf: {
      books: SMALL_MODEL2VEC,
      stackexchange: SMALL_MODEL2VEC,
      'stackexchange-test': SMALL_MODEL2VEC,
    },
    skips: { synthetic: SCALE },
  },
  {
    name: STUDENT,
    about: 'the item2tag student, defaults',
    script: null,
    settings: {},
  },
];

/** The settings of a system on a data set. */
export function settingsFor({ settings, settingsOf }: System, data: string): Settings {
  return { ...settings, ...settingsOf?.[data] };
}
