const NEWLINE = 10;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Split what comes into lines, without their newlines; the last one needs none. Blank lines are left out.
 *
 * @returns null for a line of more than 64 MiB, of which the rest is passed over
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | null> {
  let parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const take = (): string | null => {
    const line = sizeBytes > MOST_BYTES ? null : Buffer.concat(parts).toString('utf8');
    parts = [];
    sizeBytes = 0;
    return line;
  };
  const put = (part: Uint8Array): void => {
    sizeBytes += part.length;
    if (sizeBytes > MOST_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      put(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line?.trim() !== '') yield line;
    }
    put(chunk.subarray(start));
  }
  const last = take();
  if (last?.trim() !== '') yield last;
}
