import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/random.js';
import type { ItemTagRow } from '../../../src/dataset/rows.js';
import { runTeacher, type RunReport } from '../../../teacher/index.js';
import type { Behaviour } from '../../support/fault-behaviours.js';
import { FaultServer } from '../../support/fault-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { books, hastyClock, rowsOf, tagsIn, writeItems } from './asked-run.js';

const N = 10;
const TIMEOUT_MS = 800;

const folder = temporaryFolder();
let server: FaultServer;
let undisturbed: Omit<ItemTagRow, 'call_keys'>[];
beforeAll(async () => {
  await start([]);
  await ask('undisturbed');
  undisturbed = await tagsIn(folder.path('undisturbed'));
  await server.close();
});
afterEach(() => server.close());

async function start(script: readonly Behaviour[]): Promise<void> {
  server = await FaultServer.start({ script });
}

function ask(out: string, { n = N, concurrency = 1 } = {}): Promise<RunReport> {
  return runTeacher({
    teacher: { baseUrl: server.baseUrl, model: 'any' },
    items: writeItems(folder.path('items.jsonl'), books(n)),
    out: folder.path(out),
    overwrite: true,
    concurrency,
    timeoutMs: TIMEOUT_MS,
    random: () => 0.5,
    ...hastyClock(),
  });
}

describe('a run against a server that fails for a while', () => {
  it.each<[Behaviour, number, Record<string, number>]>([
    ['rate_limit', 3, { rate_limit: 3 }],
    ['rate_limit_ms', 2, { rate_limit: 2 }],
    ['rate_limit_bare', 8, { rate_limit: 8 }],
    ['error_with_200', 2, { rate_limit: 2 }],
    ['server_error', 4, { server: 4 }],
    ['overloaded', 2, { server: 2 }],
    ['bad_gateway', 2, { server: 2 }],
    ['html', 2, { server: 2 }],
    ['no_choices', 2, { server: 2 }],
    ['garbage', 2, { server: 2 }],
    ['half_json', 2, { server: 2 }],
    ['drop', 4, { connection: 4 }],
    ['drop_in_body', 2, { connection: 2 }],
    ['wrong_content_type', 2, {}],
    ['no_usage', 2, {}],
  ])('has the same tags after %s, %i times', async (behaviour, times, retriesByClass) => {
    await start(Array<Behaviour>(times).fill(behaviour));
    const out = `after-${behaviour}`;
    expect(await ask(out)).toMatchObject({
      nItems: N,
      nNewAnswers: N,
      nFailed: 0,
      retriesByClass,
      nRequests: N + Object.values(retriesByClass).reduce((sum, n) => sum + n, 0),
      stopped: null,
    });
    expect(await tagsIn(folder.path(out))).toEqual(undisturbed);
  });

  it.each<Behaviour>(['hang', 'hang_in_body', 'slow_bytes'])(
    'has the same tags after %s, which no timeout waits out',
    async (behaviour) => {
      await start([behaviour]);
      const { retriesByClass, ...report } = await ask(behaviour);
      expect(report).toMatchObject({ nItems: N, nFailed: 0 });
      expect(retriesByClass.timeout).toBeGreaterThanOrEqual(1);
      expect(await tagsIn(folder.path(behaviour))).toEqual(undisturbed);
    },
  );

  it.each<[Behaviour, number, Record<string, number>]>([
    ['server_error', 5, { server: 1 }],
    ['drop', 5, { connection: 1 }],
    ['rate_limit_bare', 30, { rate_limit: 1 }],
    ['refusal', 1, { refused: 1 }],
    ['content_filter', 1, { refused: 1 }],
    ['moderated', 1, { refused: 1 }],
    ['bad_request', 1, { bad_request: 1 }],
    ['length_early', 1, { truncated: 1 }],
  ])(
    'gives one question up after %s, %i times, and asks it again next time',
    async (behaviour, times, by) => {
      await start(Array<Behaviour>(times).fill(behaviour));
      const out = `without-${behaviour}`;
      expect(await ask(out)).toMatchObject({
        nItems: N,
        nNewAnswers: N - 1,
        nFailed: 1,
        failuresByClass: by,
        failures: [{ sourceId: 'b0', sample: 0 }],
        stopped: null,
      });
      expect(await tagsIn(folder.path(out))).toEqual(undisturbed.filter(({ item_id }) => item_id !== 'b0'));
      const failed = (await rowsOf(folder.path(out), 'calls')).filter(({ status }) => status === 'failed');
      expect(failed.at(-1)).toMatchObject({ source_id: 'b0' });
      expect(failed.at(-1)?.error).toMatch(new RegExp(`^${Object.keys(by)[0]!}: `));
      expect(await ask(out)).toMatchObject({ nFailed: 0, nReused: N - 1, nRequests: 1 });
      expect(await tagsIn(folder.path(out))).toEqual(undisturbed);
    },
  );

  it.each<Behaviour>(['prose', 'empty'])('asks once more after %s, with a word on it', async (behaviour) => {
    await start([behaviour]);
    expect(await ask(behaviour)).toMatchObject({ nItems: N, nFailed: 0, nUnparseable: 0, nRequests: N + 1 });
    const items = new Set((await tagsIn(folder.path(behaviour))).map(({ item_id }) => item_id));
    expect(items.size).toBe(N);
  });

  it('keeps the whole tags of an answer that was cut', async () => {
    await start(['length']);
    expect(await ask('length')).toMatchObject({ nItems: N, nFailed: 0, nTruncated: 1, nRequests: N });
    const tags = (await tagsIn(folder.path('length'))).filter(({ item_id }) => item_id === 'b0');
    const all = undisturbed.filter(({ item_id }) => item_id === 'b0').map(({ tag }) => tag);
    expect(tags.length).toBeGreaterThan(0);
    expect(all.slice(0, tags.length)).toEqual(tags.map(({ tag }) => tag));
  });

  it.each([1, 2, 3])('loses no item whatever comes between, at random (seed %i)', async (seed) => {
    const faults: Behaviour[] = [
      ...(['rate_limit', 'rate_limit_bare', 'server_error', 'overloaded', 'drop', 'drop_in_body'] as const),
      ...([
        'garbage',
        'half_json',
        'html',
        'wrong_content_type',
        'refusal',
        'length',
        'length_early',
      ] as const),
      ...(['prose', 'empty', 'bad_request', 'no_usage', 'ok', 'ok', 'ok'] as const),
    ];
    const random = seededRandom(seed);
    await start(Array.from({ length: 60 }, () => faults[Math.floor(random() * faults.length)]!));
    const n = 40;
    const report = await ask(`mixed-${seed}`, { n, concurrency: 8 });
    expect(report).toMatchObject({ nItems: n, stopped: null, nNewAnswers: n - report.nFailed });
    const rest = await ask(`mixed-${seed}`, { n, concurrency: 8 });
    expect(rest).toMatchObject({ nFailed: 0, nReused: report.nNewAnswers, nNewAnswers: report.nFailed });
    const items = (await rowsOf(folder.path(`mixed-${seed}`), 'items')).map(({ item_id }) => item_id);
    expect(items).toEqual(books(n).map(({ id }) => id));
  });
});
