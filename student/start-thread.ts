import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Start a thread on a compiled module or, when this runs from the TypeScript sources, on the module's source.
 *
 * @param module URL of the compiled module, `.js`
 */
export function startThread(module: URL, options: WorkerOptions): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(module, options);
  // Only a checkout has the sources, and with them tsx; its hooks do not reach threads by themselves.
  const [tsx, source] = [import.meta.resolve('tsx/esm/api'), module.href.replace(/\.js$/, '.ts')];
  const code = `import('${tsx}').then(({ tsImport }) => tsImport('${source}', '${source}'));`;
  return new Worker(code, { ...options, eval: true });
}
