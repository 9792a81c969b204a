import type { EncoderManifest } from '../../src/features/encoder-manifest.js';
import { ENCODER_FILES } from '../../src/features/encoder-manifest.js';

/** Write the README.md of a static encoder from its manifest: only what was measured or is known. */
export function encoderCard(manifest: EncoderManifest): string {
  const { name, licence, source, recipe, nTokens, nDims, maxTokens, files } = manifest;
  const { sizeBytes } = files[ENCODER_FILES.table]!;
  const { explainedVariance, smallestRowCosine, nKept, sif, pooling } = recipe;
  return `---
library_name: model2vec
${licence === null ? '' : `license: ${licence.toLowerCase()}\n`}base_model: ${JSON.stringify(source.name)}
tags: [static-embeddings, tagdistill]
---

# ${name}

A static encoder: one int8 vector of ${nDims} numbers for each of ${nTokens} tokens, made from the sentence encoder
${source.name} with tagdistill ${manifest.toolVersion}. The vector of a text is the weighted sum of its tokens'
vectors, brought to length 1. No model runs.

- Licence: ${licence === null ? 'not given; the licence of the source holds' : `${licence}, as the source`}.
- Source: ${source.name}, \`onnx/model.onnx\` with sha256 \`${source.sha256}\`, ${source.nDims} dimensions.
- Changes to the source: each token was run alone between the special tokens and averaged over all positions
  (pooling ${String(pooling)}); vectors were centred and cut to ${nDims} principal components, which hold
  ${(100 * Number(explainedVariance)).toFixed(1)} % of the variance; tokens are weighted by a / (a + p), a = ${String(sif)},
  with p by Zipf's law from the place in the vocabulary; rows were rounded to int8, one scale a row.
- ${Number(nKept)} tokens have a vector; special and unused tokens have weight 0.
- Rounding: the smallest cosine of a row before and after is ${Number(smallestRowCosine).toFixed(5)}.
- Size of the table: ${(sizeBytes / 1e6).toFixed(1)} MB. At most ${maxTokens} tokens of a text are read.

\`\`\`python
from model2vec import StaticModel
model = StaticModel.from_pretrained("path/to/${name}")
model.encode(["A text."])
\`\`\`

The order of words, and what a word means beside others, are lost: it is a bag of words with a sense of likeness.
Biases of the source stand in it too.
`;
}
