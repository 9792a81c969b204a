import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { messageOf, TagdistillError } from '../src/core/errors.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../src/features/safetensors.js';

/** Where a training run stands. */
export interface CheckpointContents<T> {
  /** What a run must have in common with the one that wrote this: data, options, version. */
  readonly key: string;
  readonly state: T;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

const STATE = 'state';

/**
 * Write a checkpoint: whole or not at all. It is a safetensors file; its state is JSON in an int8 tensor.
 *
 * @throws TagdistillError `E_FILE_WRITE` if the disk refuses; the checkpoint before is then still there
 */
export async function writeCheckpoint<T>(
  file: string,
  { key, state, arrays }: CheckpointContents<T>,
): Promise<void> {
  const json = new Int8Array(new TextEncoder().encode(JSON.stringify({ key, state })));
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, data] of Object.entries(arrays))
    tensors[name] = { dtype: 'F32', shape: [data.length], data };
  tensors[STATE] = { dtype: 'I8', shape: [json.length], data: json };
  const temporary = `${file}.tmp-${process.pid}`;
  try {
    await writeFile(temporary, encodeSafetensors(tensors));
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new TagdistillError('E_FILE_WRITE', `cannot write the checkpoint: ${messageOf(cause)}`, {
      file,
      hint: 'Free some space and run the same command again: it goes on from the checkpoint before.',
      cause,
    });
  }
}

/**
 * Check, before long work, that a checkpoint may be written.
 *
 * @throws TagdistillError `E_FILE_EXISTS` if a folder stands in its place
 */
export async function refuseFolderAt(file: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (info?.isDirectory() !== true) return;
  throw new TagdistillError('E_FILE_EXISTS', 'a folder stands where the checkpoint would be written', {
    file,
    hint: 'Move the folder, or give --out another name.',
  });
}

/** Read a checkpoint; undefined if there is none, it is of another run, or it cannot be read. */
export async function readCheckpoint<T>(
  file: string,
  key: string,
): Promise<CheckpointContents<T> | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  try {
    const tensors = decodeSafetensors(bytes, file);
    const json = tensors.get(STATE)?.data;
    if (!(json instanceof Int8Array)) return undefined;
    const found = JSON.parse(new TextDecoder().decode(new Uint8Array(json))) as { key: string; state: T };
    if (found.key !== key) return undefined;
    const arrays: Record<string, Float32Array> = {};
    for (const [name, { data }] of tensors) if (data instanceof Float32Array) arrays[name] = data;
    return { ...found, arrays };
  } catch {
    return undefined;
  }
}

export async function removeCheckpoint(file: string): Promise<void> {
  await rm(file, { force: true });
}
