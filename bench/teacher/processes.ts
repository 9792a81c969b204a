import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Result, Task } from './task.js';

export interface AnswerServer {
  readonly baseUrl: string;
  /** Milliseconds an answer, its start left out. */
  cpuMs(): Promise<number>;
  close(): void;
}

export async function startServer(latencyMs: number): Promise<AnswerServer> {
  const child = start('answer-server.ts', String(latencyMs));
  const { port } = (await messageOf(child)) as { port: number };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    cpuMs: async () => {
      child.send('stats');
      const { nAnswered, cpuMs } = (await messageOf(child)) as { nAnswered: number; cpuMs: number };
      return cpuMs / nAnswered;
    },
    close: () => child.disconnect(),
  };
}

/** Run a system in a process of its own. @param nodeArgs e.g. `--cpu-prof` */
export async function runProcess(
  file: string,
  task: Task,
  { nodeArgs = [] }: { readonly nodeArgs?: readonly string[] } = {},
): Promise<Result> {
  const child = start(file, JSON.stringify(task), nodeArgs);
  const exited = once(child, 'exit');
  const result = (await messageOf(child)) as Result;
  await exited;
  return result;
}

function start(file: string, argument: string, nodeArgs: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), [argument], {
    execArgv: [...process.execArgv, ...nodeArgs],
  });
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process ended with ${String(code)}`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}
