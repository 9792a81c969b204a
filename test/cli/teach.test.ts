import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagePath } from '../../src/core/package-info.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startAnsweringServer, type AnsweringServer } from '../teacher/run/answering-server.js';
import { IMAGES } from '../teacher/questions/sample-images.js';
import { runCli } from './run-cli.js';

const folder = temporaryFolder();
const cli = (...args: string[]) => runCli(args, { cwd: folder.path('.') });

let server: AnsweringServer;
beforeEach(async () => {
  server = await startAnsweringServer();
  writeItems(12);
  writeFileSync(folder.path('prices.yaml'), 'prices:\n  - {model: "*", input: 1, output: 10}\n');
});
afterEach(() => server.close());

function writeItems(n: number): void {
  const lines = Array.from({ length: n }, (_, i) => `{"id":"b${i}","text":"The story of book ${i}."}\n`);
  writeFileSync(folder.path('items.jsonl'), lines.join(''));
}

const teach = (out: string, ...args: string[]): string[] => [
  ...['teach', '--items', 'items.jsonl', '--out', out, '--model', 'any', '--base-url', server.baseUrl],
  ...args,
];

describe('tagdistill teach, live', () => {
  it('makes a data set that students can be trained on, and tells calls, tokens and cost', async () => {
    const { code, stdout, stderr } = await cli(...teach('live', '--prices', 'prices.yaml'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('live: 12 items');
    expect(stdout).toMatch(/answered in this run +12\n/);
    expect(stdout).toMatch(/tokens out +1,200\n/);
    expect(stdout).toMatch(/cost of this run +\$0\.0240\n/);
    expect(stdout).toContain('cover-set recall');
    const inspected = await cli('inspect', 'live', '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({ nItems: 12 });
  });

  it('plans without asking', async () => {
    const { code, stdout } = await cli(...teach('planned', '--prices', 'prices.yaml', '--plan', '--json'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ nItems: 12, plans: [{ plan: { nCalls: 12 } }] });
    expect((await cli(...teach('planned', '--prices', 'prices.yaml', '--plan'))).stdout).toContain(
      '12 items; nothing was asked',
    );
    expect(server.asked).toEqual([]);
    expect(existsSync(folder.path('planned'))).toBe(false);
  });

  it('ends with 0 where a question failed, and says which and what to do', async () => {
    server.reply = ({ messages }) =>
      messages.at(-1)!.content.includes('book 3.') ? { kind: 'status', status: 400 } : { kind: 'tags' };
    const { code, stderr } = await cli(...teach('partly'));
    expect(code).toBe(0);
    expect(stderr).toContain('1 question got no answer');
    expect(stderr).toContain('item2tag "b3", sample 0: bad_request');
    const again = await cli(...teach('partly', '--overwrite', '--json'));
    expect(JSON.parse(again.stdout)).toMatchObject({ nReused: 11, nFailed: 1 });
  });

  it('shows images, leaves out what few have seen, cuts long texts, and tells of it', async () => {
    writeFileSync(folder.path('cover.png'), IMAGES['image/png']);
    const items = [
      { id: 'shown', text: 'A long story of boats.', cover: 'cover.png', views: 9 },
      { id: 'rare', text: 'Trains.', views: 1 },
      { id: 'gone', text: 'Planes.', cover: 'no.png', views: 9 },
    ];
    writeFileSync(folder.path('items.jsonl'), items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    server.reply = () => ({ kind: 'text', text: '{"item_tags": ["boat"], "user_tags": ["sailor"]}' });
    const { code, stdout, stderr } = await cli(
      ...teach('seen', '--image-field', 'cover', '--max-text-length', '6'),
      ...['--min-exposure', '5', '--exposure-field', 'views'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('1 row was left out');
    expect(stderr).toContain('no.png');
    expect(stdout).toContain('seen: 1 item (');
    expect(stdout).toContain('1 item below --min-exposure left out');
    expect(stdout).toContain('1 text was cut for the teacher (--max-text-length)');
    expect(server.asked.map(({ messages }) => messages.at(-1)?.content)).toMatchObject([
      [{ type: 'text', text: 'Text: "A long [...]"' }, { type: 'image_url' }],
    ]);
  });

  it('names the run that has the journal open', async () => {
    server.reply = () => ({ kind: 'hold' });
    const first = cli(...teach('held'));
    while (server.asked.length < 12) await new Promise(setImmediate);
    const second = await cli(...teach('held', '--plan'));
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('has the journal open') });
    expect(second.stderr).toContain('code: E_FILE_EXISTS');
    server.letGo();
    expect((await first).code).toBe(0);
  });

  it('ends with 1 for a key that the server does not take, without showing it', async () => {
    server.reply = () => ({
      kind: 'status',
      status: 401,
      body: { error: { message: 'Bad key sk-cli-secret' } },
    });
    process.env['TEST_TEACH_KEY'] = 'sk-cli-secret';
    const { code, stdout, stderr } = await cli(...teach('refused', '--api-key-env', 'TEST_TEACH_KEY'));
    delete process.env['TEST_TEACH_KEY'];
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect([...server.keys]).toEqual(['Bearer sk-cli-secret']);
    expect(stderr).toContain('code: E_TEACHER');
    expect(stderr).toContain('run the same command again');
    expect(stderr).not.toContain('cli-secret');
  });

  it('wants a key for OpenAI alone, and a model', async () => {
    const args = ['teach', '--items', 'items.jsonl', '--out', 'x'];
    const keyless = await cli(...args, '--model', 'any', '--api-key-env', 'TEST_TEACH_NO_KEY');
    expect(keyless).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('TEST_TEACH_NO_KEY is not set'),
    });
    expect(await cli(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('--model') });
    expect(server.asked).toEqual([]);
  });

  it.each([
    [['--tasks', 'item2tag,tags'], 'Known tasks are item2tag, i2u, u2i.'],
    [['--params', '[1]'], 'A JSON object is wanted'],
    [['--frames', '0'], 'A whole number from 1 up is wanted.'],
    [['--budget', '-1'], 'A number from 0 up is wanted.'],
    [['--stop-when-recall', '99'], 'A number from 0 to 1 is wanted.'],
  ])('ends with 2 for %j', async (args, message) => {
    expect(await cli(...teach('x', ...args))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it('ends with 130 on Ctrl-C: the call in flight ends, and the same command goes on', async () => {
    server.reply = (_, n) => (n < 5 ? { kind: 'tags' } : { kind: 'hold' });
    const args = ['--import', import.meta.resolve('tsx'), packagePath('src', 'cli', 'main.ts')];
    const command = teach('stopped', '--concurrency', '1');
    const child = spawn(process.execPath, [...args, ...command], { cwd: folder.path('.') });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    while (server.asked.length < 5) await new Promise(setImmediate);
    child.kill('SIGINT');
    server.letGo();
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(stderr).toContain('answers are in stopped.journal: run the same command again to go on');
    server.reply = () => ({ kind: 'tags' });
    const { stdout } = await cli(...command, '--json');
    const { nReused, nNewAnswers } = JSON.parse(stdout) as { nReused: number; nNewAnswers: number };
    expect(nReused).toBeGreaterThanOrEqual(4);
    expect(nReused + nNewAnswers).toBe(12);
  });

  it('stops asking at once where the disk is full, and goes on once there is room', async ({ skip }) => {
    const small = folder.path('small');
    mkdirSync(small);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    if (mounted.status !== 0) skip('no tmpfs can be mounted here');
    try {
      writeItems(400);
      const command = teach('full', '--journal', 'small/journal', '--concurrency', '4');
      const { code, stderr } = await cli(...command);
      expect(code).toBe(1);
      expect(stderr).toContain('code: E_FILE_WRITE');
      expect(stderr).toMatch(/answers are in small\/journal/);
      const nAsked = server.asked.length;
      expect(nAsked).toBeLessThan(200);
      spawnSync('mount', ['-o', 'remount,size=8m', small]);
      const { stdout } = await cli(...command, '--json');
      const { nItems, nReused } = JSON.parse(stdout) as { nItems: number; nReused: number };
      expect(nItems).toBe(400);
      expect(nAsked - nReused).toBeLessThanOrEqual(8 + 1);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});
