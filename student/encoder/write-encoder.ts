import { refuseOtherFolder, writeFolder, type FolderKind } from '../../src/bundle/write-folder.js';
import { sha256 } from '../../src/core/hash.js';
import {
  ENCODER_FILES,
  ENCODER_FORMAT_VERSION,
  type EncoderManifest,
} from '../../src/features/encoder-manifest.js';
import { encodeSafetensors } from '../../src/features/safetensors.js';
import type { TokenTable } from '../../src/features/static-encoder.js';
import { encoderCard } from './encoder-card.js';

export const ENCODER_FOLDER: FolderKind = {
  name: 'encoder',
  withArticle: 'an encoder',
  fullName: 'encoder',
  manifest: ENCODER_FILES.manifest,
};

export interface EncoderParts {
  readonly manifest: Omit<EncoderManifest, 'formatVersion' | 'files'>;
  readonly table: TokenTable;
  readonly tokenizerJson: object;
}

/**
 * Write the folder of a static encoder, in the layout of Model2Vec: whole or not at all. An old encoder at the same
 * place is replaced at the end.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if `dir` holds something else, `E_FILE_WRITE` if the disk refuses
 */
export async function writeEncoder(
  dir: string,
  { manifest: parts, table: { nDims, table, weights }, tokenizerJson }: EncoderParts,
): Promise<EncoderManifest> {
  await refuseOtherFolder(dir, ENCODER_FOLDER);
  const config = {
    model_type: 'model2vec',
    architectures: ['StaticModel'],
    tokenizer_name: parts.source.name,
    apply_pca: nDims,
    sif_coefficient: parts.recipe['sif'],
    hidden_dim: nDims,
    seq_length: 1_000_000,
    max_length: parts.maxTokens,
    normalize: true,
    pooling: parts.recipe['pooling'],
    embedding_dtype: 'int8',
  };
  const contents: Record<string, Uint8Array | string> = {
    [ENCODER_FILES.table]: encodeSafetensors({
      weights: { dtype: 'F32', shape: [weights.length], data: weights },
      embeddings: { dtype: 'I8', shape: [weights.length, nDims], data: table },
    }),
    [ENCODER_FILES.tokenizer]: JSON.stringify(tokenizerJson),
    [ENCODER_FILES.config]: `${JSON.stringify(config, null, 2)}\n`,
  };
  const files = Object.fromEntries(
    Object.entries(contents).map(([path, data]) => [
      path,
      { sha256: sha256(data), sizeBytes: Buffer.byteLength(data) },
    ]),
  );
  const manifest: EncoderManifest = { formatVersion: ENCODER_FORMAT_VERSION, ...parts, files };
  contents[ENCODER_FILES.card] = encoderCard(manifest);
  contents[ENCODER_FILES.manifest] = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFolder(dir, contents, ENCODER_FOLDER);
  return manifest;
}
