import { packagePath } from '../core/package-info.js';
import { readStaticEncoder } from '../features/read-static-encoder.js';

/** The folder of the static encoder that ships with the package. */
const DEFAULT_ENCODER = packagePath('exports', 'encoders', 'minilm-static');

/** Open a static encoder, by default the shipped one, as the function from a tag to its vector. */
export async function openTagEncoder(dir = DEFAULT_ENCODER): Promise<(tag: string) => Float32Array> {
  const { encoder } = await readStaticEncoder(dir);
  return (tag) => encoder.vector(tag);
}
