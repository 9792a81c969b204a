import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { TagdistillError, messageOf } from '../../core/errors.js';
import { parseJson } from '../../core/parse-json.js';
import { LIBRARY_FILES } from './library-files.js';

export const LIBRARY_FORMAT_VERSION = 1;

const count = z.int().nonnegative();
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const spaceSchema = z.object({
  /** One more with every day taken in. */
  version: count,
  nLive: count,
  nRetired: count,
  nRaw: count,
  nCanonical: count,
  aliasHash: z.string(),
  /** The days of the window, oldest first. */
  days: z.array(date),
});
const manifestSchema = z.object({
  formatVersion: z.literal(LIBRARY_FORMAT_VERSION),
  kind: z.literal('tags'),
  toolVersion: z.string(),
  options: z.object({
    tau: z.number(),
    depth: count,
    historyDays: count,
    steadyDays: count,
    margin: z.number(),
    minTags: count,
    maxTags: count.nullable(),
    maxOverlap: z.number(),
    /** Least cosine of tags that were merged by meaning; null where only spellings were. */
    mergeThreshold: z.number().nullable(),
    /** Edges a source. */
    top: count,
  }),
  /** What gave the vectors of tags; null where nothing needed them. */
  encoder: z.object({ name: z.string(), fingerprint: z.string() }).nullable(),
  /** The data sets of each day of the window, with the sha256 of their item_tags.arrow. */
  inputs: z.array(z.object({ date, name: z.string(), sha256: z.string() })),
  spaces: z.partialRecord(z.enum(['item', 'user']), spaceSchema),
  logic: z.object({ i2u: count, u2i: count }),
  files: z.record(z.string(), z.object({ sha256: z.string(), sizeBytes: count })),
});

/** `manifest.json` of a tag library. */
export type LibraryManifest = Readonly<z.infer<typeof manifestSchema>>;

/**
 * Read and check the manifest of a tag library; the files that it lists are not opened.
 *
 * @throws TagdistillError `E_FILE_MISSING`, `E_FILE_FORMAT`
 */
export async function readLibraryManifest(dir: string): Promise<LibraryManifest> {
  const file = join(dir, LIBRARY_FILES.manifest);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new TagdistillError('E_FILE_MISSING', `cannot read the tag library: ${messageOf(cause)}`, {
      file,
      hint: 'Check the path; a tag library is made by `tagdistill tags build`.',
      cause,
    });
  });
  const hint = 'Copy the library again, whole, or make it again with `tagdistill tags build`.';
  const result = manifestSchema.safeParse(parseJson(text, { code: 'E_FILE_FORMAT', file, hint }));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new TagdistillError('E_FILE_FORMAT', `no manifest of a tag library: ${path.join('.')}: ${message}`, {
    file,
    hint,
  });
}
