// A process that is up before it is needed: it runs a teacher once a line with the options comes.
import { createInterface } from 'node:readline';
import type { RunTeacherOptions } from '../../../teacher/run/run-options.js';
import { runTeacher } from '../../../teacher/run/run-teacher.js';

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => {
  lines.close();
  void runTeacher(JSON.parse(line) as RunTeacherOptions);
});
