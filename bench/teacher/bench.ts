// Requests a second, CPU and memory of a teacher run beside plain clients: npm run bench:teacher
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProcess, startServer } from './processes.js';
import { writeItems } from './recorded.js';
import { mainTable, memoryTable, type SystemRuns } from './tables.js';
import type { Result, Task } from './task.js';

const SYSTEMS = {
  sockets: 'run-sockets.ts',
  openai: 'run-openai.ts',
  'p-queue': 'run-p-queue.ts',
  tagdistill: 'run-tagdistill.ts',
};
type SystemName = keyof typeof SYSTEMS;

const { values } = parseArgs({
  options: {
    systems: { type: 'string', default: Object.keys(SYSTEMS).join(',') },
    latencies: { type: 'string', default: '0,50' },
    calls: { type: 'string', default: '12000' },
    concurrency: { type: 'string', default: '128' },
    repeats: { type: 'string', default: '3' },
    /** Of one run of tagdistill alone, at no latency: memory after so many calls. */
    memory: { type: 'string' },
    profile: { type: 'string' },
  },
});
const concurrency = Number(values.concurrency);
const dir = await mkdtemp(join(tmpdir(), 'tagdistill-bench-'));
const say = (text: string): unknown => process.stdout.write(`${text}\n`);

async function run(name: SystemName, task: Omit<Task, 'scratch' | 'concurrency'>): Promise<Result> {
  const scratch = await mkdtemp(join(dir, `${name}-`));
  const nodeArgs = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  return runProcess(SYSTEMS[name], { ...task, scratch, concurrency }, { nodeArgs });
}

async function compare(latencyMs: number, items: string, nCalls: number): Promise<void> {
  const names = values.systems.split(',') as SystemName[];
  const runs: SystemRuns[] = names.map((name) => ({ name, results: [], serverCpuMs: [] }));
  // Round by round, so that other work on the machine is spread over all systems.
  for (let round = 0; round < Number(values.repeats); round++) {
    for (const { name, results, serverCpuMs } of runs) {
      const { baseUrl, ...server } = await startServer(latencyMs);
      const task = { baseUrl, items, nCalls, nWarmUp: Math.ceil(nCalls / 6), rssAt: [] };
      const result = await run(name as SystemName, task);
      results.push(result);
      serverCpuMs.push(await server.cpuMs());
      server.close();
      const load = loadavg()[0]!.toFixed(1);
      say(`${latencyMs} ms, ${name}: ${result.perSecond.toFixed(0)} requests/s, load ${load}`);
    }
  }
  say(`\n${latencyMs} ms, ${concurrency} calls in flight, median of ${values.repeats} runs:\n`);
  say(mainTable(runs, { latencyMs, concurrency }));
}

async function measureMemory(items: string, rssAt: readonly number[]): Promise<void> {
  const server = await startServer(0);
  const nCalls = Math.max(...rssAt);
  const result = await run('tagdistill', { baseUrl: server.baseUrl, items, nCalls, nWarmUp: 2000, rssAt });
  server.close();
  say(memoryTable(result));
}

say(`${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString()}`);
try {
  const items = join(dir, 'items.jsonl');
  const rssAt = values.memory?.split(',').map(Number);
  const nItems = rssAt === undefined ? Number(values.calls) : Math.max(...rssAt);
  await writeItems(items, nItems);
  if (rssAt !== undefined) await measureMemory(items, rssAt);
  else for (const latency of values.latencies.split(',')) await compare(Number(latency), items, nItems);
} finally {
  await rm(dir, { recursive: true });
}
