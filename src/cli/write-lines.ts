import { LineWriter } from './line-writer.js';

/**
 * Write lines to a file as they come; it is there whole or not at all.
 *
 * @throws TagdistillError `E_FILE_WRITE`
 */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const writer = await LineWriter.open(file);
  try {
    for (const line of lines) await writer.write(line);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.close();
}
