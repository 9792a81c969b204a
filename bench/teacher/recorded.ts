import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { readArrowRows } from '../../src/dataset/arrow-reader.js';
import { tablePath } from '../../src/dataset/files.js';
import type { TableName, Tables } from '../../src/dataset/schemas.js';
import { estimateTextTokens } from '../../teacher/money/estimate-tokens.js';
import { MODEL } from './task.js';

const BOOKS = 'datasets/books';

/** Whole HTTP responses with the answers that a teacher gave about books, ready to be sent. */
export async function recordedResponses(): Promise<Buffer[]> {
  const responses: Buffer[] = [];
  for await (const call of rowsOf('calls')) {
    if (call.task !== 'item2tag' || call.status !== 'ok') continue;
    const [content, finish] = [call.raw_text, 'stop'];
    const tokens = { prompt_tokens: 1000, completion_tokens: estimateTextTokens(content) };
    const body = JSON.stringify({
      id: `chatcmpl-${responses.length}`,
      object: 'chat.completion',
      created: 1_750_000_000,
      model: MODEL,
      choices: [{ index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: finish }],
      usage: { ...tokens, total_tokens: tokens.prompt_tokens + tokens.completion_tokens },
    });
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    responses.push(Buffer.from(head + body));
  }
  return responses;
}

/** Write items of different texts: the books, again and again, each with a number. */
export async function writeItems(file: string, nItems: number): Promise<void> {
  const texts: string[] = [];
  for await (const { text } of rowsOf('items')) texts.push(text);
  const out = createWriteStream(file);
  for (let i = 0; i < nItems; i++) {
    const line = { item_id: `book-${i}`, text: `${texts[i % texts.length]!} Copy ${i}.` };
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function* rowsOf<Name extends TableName>(table: Name): AsyncGenerator<Tables[Name]> {
  for await (const rows of readArrowRows(tablePath(BOOKS, table), table)) yield* rows;
}
