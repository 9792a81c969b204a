import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it, type TestFunction } from 'vitest';

const local = join(import.meta.dirname, '..', '..', '.python', 'bin', 'python');
const python = existsSync(local) ? local : 'python3';

/** Run a script of this folder and give what it prints. */
export async function runPython(script: string, ...args: string[]): Promise<string> {
  const path = join(import.meta.dirname, script);
  const { stdout } = await promisify(execFile)(python, [path, ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

/**
 * Declare a test that needs Python modules: without them it is skipped with a notice, or fails when
 * TAGDISTILL_NO_SKIP=1.
 */
export function itWithPython(modules: readonly string[], name: string, body: TestFunction): void {
  if (hasModules(modules)) {
    it(name, body);
    return;
  }
  const notice = `needs Python with ${modules.join(', ')}: pip install -r test/oracle/requirements.txt`;
  if (process.env['TAGDISTILL_NO_SKIP'] === '1') {
    it(name, () => {
      throw new Error(notice);
    });
    return;
  }
  console.warn(`skipped "${name}": ${notice}`);
  it.skip(name, body);
}

function hasModules(modules: readonly string[]): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
