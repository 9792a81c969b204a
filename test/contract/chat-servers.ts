import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A chat server in a process of its own. */
export interface ServerProcess {
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Start the fault server as a process. */
export async function startFaultServer(): Promise<ServerProcess> {
  const main = fileURLToPath(new URL('../support/serve-faults.ts', import.meta.url));
  const { child, url } = await listening(['--import', import.meta.resolve('tsx'), main]);
  return { baseUrl: url, close: () => end(child) };
}

/** Start aimock, a mock of LLM servers by others, with answers from a file. */
export async function startAimock(fixtures: string): Promise<ServerProcess> {
  const main = fileURLToPath(new URL('cli.js', import.meta.resolve('@copilotkit/aimock')));
  const { child, url } = await listening([main, '--fixtures', fixtures, '--port', '0', '--strict']);
  return { baseUrl: `${url}/v1`, close: () => end(child) };
}

async function listening(
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (\S+)/u.exec(line)?.[1];
    if (url === undefined) continue;
    // What it prints from now on is read by nobody, and must not fill the pipe.
    child.stdout.resume();
    return { child, url };
  }
  throw new Error(`${args.join(' ')} ended before it listened`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
