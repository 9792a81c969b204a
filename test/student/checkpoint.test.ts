import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  refuseFolderAt,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from '../../student/checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const CONTENTS = {
  key: 'one run',
  state: { epoch: 3, named: '历史 🧑‍🏫', missing: null },
  arrays: { 'head/values': Float32Array.of(1, -0.5, 1e-30), empty: new Float32Array(0) },
};

async function written(name: string): Promise<string> {
  const file = folder.path(name);
  await writeCheckpoint(file, CONTENTS);
  return file;
}

describe('a checkpoint', () => {
  it('comes back as it was written', async () => {
    expect(await readCheckpoint(await written('whole'), CONTENTS.key)).toEqual(CONTENTS);
  });

  it('replaces the one before, and leaves no other file', async () => {
    const file = await written('replaced');
    await writeCheckpoint(file, { ...CONTENTS, state: { epoch: 4 } });
    expect(await readCheckpoint(file, CONTENTS.key)).toMatchObject({ state: { epoch: 4 } });
    expect((await readdir(folder.path('.'))).filter((name) => name.startsWith('replaced.'))).toEqual([]);
  });

  it('is passed over when it is of another run, or not there', async () => {
    expect(await readCheckpoint(await written('other'), 'another run')).toBeUndefined();
    expect(await readCheckpoint(folder.path('nowhere'), CONTENTS.key)).toBeUndefined();
  });

  it('is passed over when it is empty, cut at any length, or something else', async () => {
    const bytes = await readFile(await written('bytes'));
    const file = folder.path('damaged');
    for (let length = 0; length < bytes.length; length += 7) {
      await writeFile(file, bytes.subarray(0, length));
      expect(await readCheckpoint(file, CONTENTS.key), `${length} bytes`).toBeUndefined();
    }
    for (const other of ['{}', 'PK\u0003\u0004 and more than eight bytes', '\0'.repeat(64)]) {
      await writeFile(file, other);
      expect(await readCheckpoint(file, CONTENTS.key)).toBeUndefined();
    }
  });

  it('says why it cannot be written, and leaves nothing half written', async () => {
    const file = folder.path('taken');
    await mkdir(file);
    await writeFile(folder.path('taken/mine'), '');
    await expect(writeCheckpoint(file, CONTENTS)).rejects.toMatchObject({
      code: 'E_FILE_WRITE',
      file,
      message: expect.stringContaining('checkpoint'),
      hint: expect.stringContaining('space'),
    });
    expect((await readdir(folder.path('.'))).filter((name) => name.startsWith('taken'))).toEqual(['taken']);
    expect(await readCheckpoint(file, CONTENTS.key)).toBeUndefined();
  });

  it('may be removed twice', async () => {
    const file = await written('removed');
    await removeCheckpoint(file);
    await removeCheckpoint(file);
    expect(await readCheckpoint(file, CONTENTS.key)).toBeUndefined();
  });
});

describe('refuseFolderAt', () => {
  it('refuses a folder in the place of a checkpoint before any work, and nothing else', async () => {
    await mkdir(folder.path('in-the-way'));
    await expect(refuseFolderAt(folder.path('in-the-way'))).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
    await expect(refuseFolderAt(folder.path('free'))).resolves.toBeUndefined();
  });
});
