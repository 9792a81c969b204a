import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleManifest } from '../src/bundle/manifest.js';
import { packagePath } from '../src/core/package-info.js';
import type { LabelledItems } from '../src/dataset/labelled-items.js';
import { ENCODER_FILES } from '../src/features/encoder-manifest.js';
import { openHubEncoder } from '../src/features/hub-encoder.js';
import { readStaticEncoder } from '../src/features/read-static-encoder.js';
import type { FrozenEncoders } from './frozen-vectors.js';
import type { TrainOptions } from './train-options.js';

/** The encoders of a training run, opened, and what the manifest says of them. */
export interface OpenEncoders {
  readonly frozen: FrozenEncoders;
  readonly description: Omit<BundleManifest['encoder'], 'bag'>;
  readonly tokenizerJson?: string;
  close(): Promise<void>;
}

/** The static encoder that ships with the package. */
const SHIPPED = ['exports', 'encoders', 'minilm-static'];

/** Open what the options name, and take the items' given vectors where there are any. */
export async function openEncoders(
  { encoder = 'default', hubEncoder, hubOptions = {}, useEmbeddings = true, threads }: TrainOptions,
  { embeddings }: Pick<LabelledItems, 'embeddings'>,
): Promise<OpenEncoders> {
  const dir = encoder === 'default' ? packagePath(...SHIPPED) : encoder;
  const tokens = encoder === 'none' ? undefined : await readStaticEncoder(dir);
  const hub =
    hubEncoder === undefined
      ? undefined
      : await openHubEncoder(hubEncoder, { ...hubOptions, ...(threads !== undefined && { threads }) });
  const nGivenDims = useEmbeddings ? (embeddings?.nDims ?? 0) : 0;
  const { pooling = 'mean', dtype = 'fp32' } = hubOptions;
  return {
    frozen: { nGivenDims, ...(tokens && { static: tokens.encoder }), ...(hub && { hub }) },
    description: {
      ...(tokens && {
        tokens: {
          name: tokens.manifest.name,
          licence: tokens.manifest.licence ?? 'not stated',
          nTokens: tokens.encoder.nTokens,
          nDims: tokens.encoder.nDims,
          maxTokens: tokens.encoder.maxTokens,
        },
      }),
      ...(hub && { hub: { name: hub.name, nDims: hub.nDims, fingerprint: hub.fingerprint, pooling, dtype } }),
      ...(nGivenDims > 0 && { given: { nDims: nGivenDims } }),
    },
    ...(tokens && { tokenizerJson: await readFile(join(dir, ENCODER_FILES.tokenizer), 'utf8') }),
    close: async () => hub?.close(),
  };
}
