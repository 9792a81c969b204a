import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTeacherBatch } from '../../teacher/index.js';
import { Journal } from '../../teacher/journal/journal.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { AIMOCK_FIXTURES } from './aimock-fixtures.js';
import { startAimock, type ServerProcess } from './chat-servers.js';

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await startAimock(await folder.write('fixtures.json', JSON.stringify(AIMOCK_FIXTURES)));
});
afterAll(() => server.close());

describe('a batch server, as aimock is one', () => {
  it('takes files and batches, and its answers come to the journal under the keys of their questions', async () => {
    const items = folder.path('items.jsonl');
    writeFileSync(
      items,
      Array.from({ length: 5 }, (_, i) => `{"id":"b${i}","text":"Book ${i}."}\n`).join(''),
    );
    // Its batches all answer "Mock batch completion", which holds no tag.
    const run = runTeacherBatch({
      teacher: { baseUrl: server.baseUrl, model: 'any' },
      items,
      out: folder.path('out'),
      batch: { maxRequests: 2, pollMs: 1 },
    });
    await expect(run).rejects.toMatchObject({ code: 'E_NO_ROWS' });
    const journal = await Journal.open(folder.path('out.journal'));
    const rows: string[] = [];
    for await (const { source_id, mode, status, attempt, raw_text, tokens_out } of journal.calls()) {
      expect([mode, raw_text, tokens_out]).toEqual(['batch', 'Mock batch completion', 1]);
      rows.push(`${source_id} ${attempt} ${status}`);
    }
    await journal.close();
    const ids = ['b0', 'b1', 'b2', 'b3', 'b4'];
    expect(rows.sort()).toEqual(ids.flatMap((id) => [`${id} 1 failed`, `${id} 2 unparseable`]));
  });
});
