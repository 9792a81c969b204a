// What the server can do: the same request over and over on bare sockets, answers counted by their length alone.
import { connect } from 'node:net';
import { Meter } from './meter.js';
import { requestsOf } from './requests.js';
import { readTask, report } from './task.js';

const task = readTask();
const meter = new Meter(task.nCalls, task);
const first = await requestsOf(task.items).next();
const body = JSON.stringify(first.value);
const request = Buffer.from(
  `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);
const HEAD_END = '\r\n\r\n';
const LENGTH = /content-length: (\d+)/u;
let nAsked = 0;

function work(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(task.baseUrl).port), host: '127.0.0.1', noDelay: true });
    let left = 0;
    const ask = (): void => {
      if (nAsked++ < task.nCalls) socket.write(request);
      else socket.end(resolve);
    };
    socket.on('error', reject);
    socket.on('connect', ask);
    socket.on('data', (bytes) => {
      if (left === 0) {
        const end = bytes.indexOf(HEAD_END) + HEAD_END.length;
        left = Number(LENGTH.exec(bytes.toString('latin1', 0, end))![1]) + end;
      }
      left -= bytes.length;
      if (left > 0) return;
      meter.done();
      ask();
    });
  });
}

await Promise.all(Array.from({ length: task.concurrency }, work));
report(meter.measured());
