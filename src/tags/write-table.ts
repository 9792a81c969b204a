import { ArrowFileWriter } from '../dataset/arrow-writer.js';
import type { TableName, Tables } from '../dataset/schemas.js';

/**
 * Write rows as an Arrow file, whole or not at all.
 *
 * @param metadata pairs for the schema
 * @throws TagdistillError `E_FILE_WRITE`; what going through the rows throws
 */
export async function writeTable<Name extends TableName>(
  path: string,
  table: Name,
  rows: Iterable<Tables[Name]>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const writer = await ArrowFileWriter.create(path, table, { metadata });
  try {
    await writer.appendAll(rows);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.close();
}
