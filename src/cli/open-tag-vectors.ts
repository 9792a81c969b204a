import { packagePath } from '../core/package-info.js';
import { ENCODER_FILES } from '../features/encoder-manifest.js';
import { readStaticEncoder } from '../features/read-static-encoder.js';
import type { TagVectors } from '../tags/library/build-library.js';

/** Open a static encoder, by default the shipped one, with the name under which a tag library remembers it. */
export async function openTagVectors(
  dir = packagePath('exports', 'encoders', 'minilm-static'),
): Promise<TagVectors> {
  const { encoder, manifest } = await readStaticEncoder(dir);
  return {
    name: manifest.source.name,
    fingerprint: manifest.files[ENCODER_FILES.table]!.sha256.slice(0, 16),
    vectorOf: (tag) => encoder.vector(tag),
  };
}
