// The plain openai client, as many workers as calls in flight; answers are dropped.
import { OpenAI } from 'openai';
import { Meter } from './meter.js';
import { requestsOf } from './requests.js';
import { readTask, report } from './task.js';

const task = readTask();
const meter = new Meter(task.nCalls, task);
const client = new OpenAI({ baseURL: task.baseUrl, apiKey: 'none' });
const requests = requestsOf(task.items);

async function work(): Promise<void> {
  for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
    const { choices } = await client.chat.completions.create(next.value);
    if (choices[0]?.message.content == null) throw new Error('an answer without content');
    meter.done();
  }
}

await Promise.all(Array.from({ length: task.concurrency }, work));
report(meter.measured());
