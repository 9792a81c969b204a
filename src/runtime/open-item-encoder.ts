import type { Bundle } from '../bundle/read-bundle.js';
import { TagdistillError } from '../core/errors.js';
import { openHubEncoder } from '../features/hub-encoder.js';
import { ItemEncoder } from '../features/item-encoder.js';

/** Put together what turns items into a student's inputs; an encoder outside the bundle is opened, never downloaded. */
export async function openItemEncoder(
  { manifest, bag, tokenizer }: Bundle,
  { threads, hubEncoder }: { readonly threads: number; readonly hubEncoder: string | undefined },
): Promise<ItemEncoder> {
  const { tokens, hub, given } = manifest.encoder;
  const opened =
    hub &&
    (await openHubEncoder(hubEncoder ?? hub.name, {
      pooling: hub.pooling,
      dtype: hub.dtype,
      localOnly: true,
      threads,
    }));
  if (hub !== undefined && opened !== undefined && opened.fingerprint !== hub.fingerprint) {
    await opened.close();
    throw new TagdistillError(
      'E_BUNDLE_CHECKSUM',
      `the encoder ${hubEncoder ?? hub.name} is not the one that the student was trained with`,
      { hint: 'Give the folder of the same model files as `hubEncoder`.' },
    );
  }
  return new ItemEncoder({
    bag,
    nGivenDims: given?.nDims ?? 0,
    ...(tokens && tokenizer && { tokens: { tokenizer, maxTokens: tokens.maxTokens } }),
    ...(opened && { hub: opened }),
  });
}
