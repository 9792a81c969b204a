import { stat } from 'node:fs/promises';

/** Tell whether there is a file or folder at a path. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
