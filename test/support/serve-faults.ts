import { parseArgs } from 'node:util';
import type { Behaviour } from './fault-behaviours.js';
import { FaultServer } from './fault-server.js';

// As a process: tsx test/support/serve-faults.ts --port 8000 --latency 50 --script server_error,ok
const { values } = parseArgs({
  options: { port: { type: 'string' }, latency: { type: 'string' }, script: { type: 'string' } },
});
const server = await FaultServer.start({
  port: Number(values.port ?? 0),
  latencyMs: Number(values.latency ?? 0),
  script: (values.script?.split(',') ?? []) as Behaviour[],
  keep: 0,
});
console.log(`listening on ${server.baseUrl}`);
process.once('SIGTERM', () => void server.close());
