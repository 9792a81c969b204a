import type { Calibrations } from '../src/bundle/calibration.js';
import type { BundleManifest } from '../src/bundle/manifest.js';
import { SPACES } from '../src/core/space.js';
import type { QuantisationLoss } from './quantise/gate.js';

/** Write the README.md of a bundle from its manifest: only what was measured or is known. */
export function modelCard(
  manifest: Omit<BundleManifest, 'formatVersion' | 'files'>,
  calibrations: Calibrations,
): string {
  const { name, spaces, vocabulary, encoder, model, training, data, metrics } = manifest;
  const scored = SPACES.filter((space) => spaces[space] !== undefined);
  const validation = (metrics['validation'] as { 'nDCG@5': Partial<Record<string, number>> })['nDCG@5'];
  const parity = metrics['parity'] as { nTexts: number; maxDifference: number };
  const validationRows = scored.map((space) => {
    const value = validation[space];
    const report = calibrations[space]?.report;
    const shown = [value, report?.eceAfter].map((x) => x?.toFixed(4) ?? 'not measured');
    return `| ${space} tags | ${spaces[space]!.nTags} | ${shown.join(' | ')} |`;
  });
  const losses = Object.entries(metrics['quantisation'] as Record<string, readonly QuantisationLoss[]>);
  const costOfInt8 = losses
    .map(([space, figures]) => {
      const shown = figures.map(
        ({ figure, loss }) => `${figure} ${loss.toFixed(2).replace(/^-(0\.00)$/, '$1')}`,
      );
      return `\n- What int8 costs in points on the validation items, ${space} tags: ${shown.join(', ')}.`;
    })
    .join('');
  const weight = Number(training['linearWeight']);
  const linear =
    weight > 0 ? ` Linear classifiers of all tags count ${weight} times beside the network.` : '';
  const wasRefit =
    training['refit'] === true
      ? 'It was measured before the student was trained once more with the validation items. '
      : '';
  return `---
library_name: tagdistill
pipeline_tag: text-classification
tags: [tagdistill, onnx, tagging]
---

# ${name}

A student that names the ${scored.map((space) => `${space} tags`).join(' and ')} of a text, distilled from an LLM
teacher's answers with tagdistill ${manifest.toolVersion}.

\`\`\`ts
import { Scorer } from 'tagdistill/runtime';
const scorer = await Scorer.load('path/to/${name}');
console.log(await scorer.score('A text to tag.', { topK: 5 }));
\`\`\`

A score is the chance that the teacher would name the tag for this text, by a map fitted on
${String(metrics['calibratedOn'])} after the weights were stored as ${model.precision} (ECE@10 is cross-validated over them). It is agreement with the teacher, not truth.

| space | tags | nDCG@5 on ${String(data['nValidation'])} validation items | ECE@10 |
|---|---|---|---|
${validationRows.join('\n')}

nDCG@5 is against the tags that the teacher named, binary gains, those outside the vocabulary kept in the ideal.
${wasRefit}It chose the number of epochs and some settings: a little flattering for that reason.

- Data: \`${String(data['name'])}\`, ${String(data['nTraining'])} training items; labels hash \`${String(data['labelsHash']).slice(0, 16)}\`.
- Vocabulary: \`${vocabulary.kind}\`. Reads: ${encodersOf(encoder)}.
- Parameters: ${model.nParameters}, stored as ${model.precision}. Seed ${String(training['seed'])}, ${String(training['epochsTrained'])} epochs.${linear}${costOfInt8}
- Parity of the float32 ONNX model with the trained network: largest difference of a logit ${parity.maxDifference.toExponential(1)} over ${parity.nTexts} texts.

The data set's licence and limits hold for the student too; see the data set's card.
`;
}

function encodersOf({ bag, tokens, hub, given }: BundleManifest['encoder']): string {
  return [
    `${bag.nFeatures} hashed words, word ${bag.wordNgrams}-grams${bag.leadWeight > 0 ? ' and pieces of the lead' : ''}, TF-IDF weighted`,
    tokens &&
      `static token embeddings \`${tokens.name}\` (${tokens.nDims} dimensions, licence ${tokens.licence})`,
    hub && `the encoder \`${hub.name}\` (${hub.nDims} dimensions, outside this folder)`,
    given && `a given vector of ${given.nDims} numbers`,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}
