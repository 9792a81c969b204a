import type { BundleManifest } from '../src/bundle/manifest.js';
import { SPACES } from '../src/core/space.js';

/** Write the README.md of a bundle from its manifest: only what was measured or is known. */
export function modelCard(manifest: Omit<BundleManifest, 'formatVersion' | 'files'>): string {
  const { name, spaces, vocabulary, encoder, model, training, data, metrics } = manifest;
  const scored = SPACES.filter((space) => spaces[space] !== undefined);
  const validation = (metrics['validation'] as { 'nDCG@5': Partial<Record<string, number>> })['nDCG@5'];
  const parity = metrics['parity'] as { nTexts: number; maxDifference: number };
  const validationRows = scored.map((space) => {
    const value = validation[space];
    return `| ${space} tags | ${spaces[space]!.nTags} | ${value === undefined ? 'not measured' : value.toFixed(4)} |`;
  });
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

A score is the chance that the teacher would name the tag for this text, by a logistic map fitted on
${String(metrics['calibratedOn'])}. It is agreement with the teacher, not truth.

| space | tags | nDCG@5 on ${String(data['nValidation'])} validation items |
|---|---|---|
${validationRows.join('\n')}

nDCG@5 is against the tags that the teacher named, binary gains, those outside the vocabulary kept in the ideal.
It was measured before the student was trained once more with the validation items
(\`refit: ${String(training['refit'])}\`), and it chose the number of epochs: a little flattering for that reason.

- Data: \`${String(data['name'])}\`, ${String(data['nTraining'])} training items; labels hash \`${String(data['labelsHash']).slice(0, 16)}\`.
- Vocabulary: \`${vocabulary.kind}\`. Text features: ${encoder.nFeatures} hashed words and word ${encoder.wordNgrams}-grams, TF-IDF weighted.
- Parameters: ${model.nParameters}, float32. Seed ${String(training['seed'])}, ${String(training['epochs'])} epochs.
- Parity of the ONNX model with the trained network: largest difference of a logit ${parity.maxDifference.toExponential(1)} over ${parity.nTexts} texts.

The data set's licence and limits hold for the student too; see the data set's card.
`;
}
