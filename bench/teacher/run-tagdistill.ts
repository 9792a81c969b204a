// runTeacher as it is: answers checked, in the journal with fdatasync before they count, and a data set at the end.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTeacher } from '../../teacher/index.js';
import { Meter } from './meter.js';
import { MODEL, readTask, report } from './task.js';

const task = readTask();
const meter = new Meter(task.nCalls, task);
const started = performance.now();
const out = join(task.scratch, 'dataset');
const { nNewAnswers } = await runTeacher({
  teacher: { baseUrl: task.baseUrl, model: MODEL },
  items: task.items,
  kind: 'book',
  out,
  concurrency: task.concurrency,
  onProgress: ({ stage }) => {
    if (stage === 'items') meter.done();
  },
});
if (nNewAnswers !== task.nCalls) throw new Error(`${nNewAnswers} new answers of ${task.nCalls}`);
const { user, system } = process.cpuUsage();
const whole = {
  seconds: (performance.now() - started) / 1000,
  cpuMs: (user + system) / 1000 / task.nCalls,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
await rm(task.scratch, { recursive: true });
report({ ...meter.measured(), whole });
