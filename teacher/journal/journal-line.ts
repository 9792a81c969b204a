import { crc32 } from 'node:zlib';

const CHECKSUM_CHARS = 8;
const SPACE = 32;
const NEWLINE = 10;

/** A longer line is refused when it is written, and passed over when it is read. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Make a line of the journal: the CRC-32 of its JSON in 8 hex digits, a space, the JSON in UTF-8, a newline. */
export function encodeLine(value: unknown): Buffer {
  const json = JSON.stringify(value);
  const jsonStart = CHECKSUM_CHARS + 1;
  const line = Buffer.allocUnsafe(jsonStart + Buffer.byteLength(json) + 1);
  line.write(json, jsonStart, 'utf8');
  line[line.length - 1] = NEWLINE;
  line.write(checksumOf(line.subarray(jsonStart, -1)), 0, 'latin1');
  line[CHECKSUM_CHARS] = SPACE;
  return line;
}

export type DecodedLine =
  { readonly state: 'ok'; readonly value: unknown } | { readonly state: 'bad'; readonly reason: string };

/** Read a line back, checksum first. @param line without its newline */
export function decodeLine(line: Buffer): DecodedLine {
  if (line.length <= CHECKSUM_CHARS || line[CHECKSUM_CHARS] !== SPACE) {
    return { state: 'bad', reason: `no checksum at the start of ${line.length} bytes` };
  }
  const json = line.subarray(CHECKSUM_CHARS + 1);
  const found = checksumOf(json);
  const stated = line.toString('latin1', 0, CHECKSUM_CHARS);
  if (found !== stated) {
    return { state: 'bad', reason: `the checksum is ${found}, ${JSON.stringify(stated)} is stated` };
  }
  try {
    return { state: 'ok', value: JSON.parse(json.toString('utf8')) };
  } catch {
    return { state: 'bad', reason: 'no JSON, though the checksum is right' };
  }
}

function checksumOf(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_CHARS, '0');
}
