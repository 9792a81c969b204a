// Lets `npx tagdistill` find the command line inside a checkout, where npm links no bin of the root package itself.
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';

const folder = new URL('../node_modules/.bin/', import.meta.url);
await mkdir(folder, { recursive: true });
await chmod(new URL('../dist/src/cli/main.js', import.meta.url), 0o755);
if (process.platform === 'win32') {
  await writeFile(new URL('tagdistill.cmd', folder), '@node "%~dp0\\..\\..\\dist\\src\\cli\\main.js" %*\r\n');
} else {
  const link = new URL('tagdistill', folder);
  await rm(link, { force: true });
  await symlink('../../dist/src/cli/main.js', link);
}
