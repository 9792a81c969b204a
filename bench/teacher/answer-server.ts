// Answers every HTTP request with a recorded chat completion, as cheaply as a process can; its argument is the
// latency in milliseconds.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { recordedResponses } from './recorded.js';

const latencyMs = Number(process.argv[2]);
const responses = await recordedResponses();
let nAnswered = 0;

// With one latency for all, answers are due in the order of the requests.
const due: { atMs: number; socket: Socket }[] = [];
let nSent = 0;
let timer: NodeJS.Timeout | null = null;

function answer(socket: Socket): void {
  if (!socket.writable) return;
  socket.write(responses[nAnswered++ % responses.length]!);
}

function sendDue(): void {
  timer = null;
  const now = performance.now();
  while (nSent < due.length && due[nSent]!.atMs <= now) answer(due[nSent++]!.socket);
  if (nSent > 1024) {
    due.splice(0, nSent);
    nSent = 0;
  }
  if (nSent < due.length) timer = setTimeout(sendDue, Math.ceil(due[nSent]!.atMs - now));
}

function take(socket: Socket): void {
  if (latencyMs === 0) {
    answer(socket);
    return;
  }
  due.push({ atMs: performance.now() + latencyMs, socket });
  timer ??= setTimeout(sendDue, latencyMs);
}

const HEAD_END = '\r\n\r\n';
const LENGTH = /content-length: *(\d+)/iu;

const server = createServer({ noDelay: true }, (socket) => {
  let head: Buffer | null = null; // of a request whose head is not whole
  let left = 0; // bytes of its body that are still to come
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    if (left > 0) {
      left -= bytes.length;
      if (left <= 0) take(socket);
      return;
    }
    const seen = head === null ? bytes : Buffer.concat([head, bytes]);
    const end = seen.indexOf(HEAD_END);
    head = end < 0 ? seen : null;
    if (end < 0) return;
    const length = Number(LENGTH.exec(seen.toString('latin1', 0, end))?.[1] ?? 0);
    left = length - (seen.length - end - HEAD_END.length);
    if (left <= 0) take(socket);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send!({ port: (server.address() as AddressInfo).port });
});
const atStart = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(atStart);
  process.send!({ nAnswered, cpuMs: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit());
