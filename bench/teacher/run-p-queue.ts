// p-queue around the fetch of Node; answers are dropped.
import PQueue from 'p-queue';
import { Meter } from './meter.js';
import { requestsOf } from './requests.js';
import { readTask, report } from './task.js';

const task = readTask();
const meter = new Meter(task.nCalls, task);
const queue = new PQueue({ concurrency: task.concurrency });
const headers = { 'content-type': 'application/json', authorization: 'Bearer none' };

async function ask(body: object): Promise<void> {
  const response = await fetch(`${task.baseUrl}/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  if (choices[0] === undefined) throw new Error('an answer without content');
  meter.done();
}

for await (const request of requestsOf(task.items)) {
  void queue.add(() => ask(request));
  await queue.onSizeLessThan(task.concurrency);
}
await queue.onIdle();
report(meter.measured());
