// A process that appends calls, 16 at once, until it is killed; it prints the number of each that is on the disk.
import { Journal } from '../../../teacher/journal/journal.js';
import { callOf } from './calls.js';

const [dir = '', from = '0'] = process.argv.slice(2);
const journal = await Journal.open(dir, { segmentBytes: 200_000 });
let next = Number(from);
async function work(): Promise<void> {
  for (;;) {
    const n = next++;
    await journal.append(callOf(n));
    process.stdout.write(`${n}\n`);
  }
}
await Promise.all(Array.from({ length: 16 }, work));
