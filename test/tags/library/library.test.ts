import { cp, mkdir, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SPACES } from '../../../src/core/space.js';
import {
  buildLibrary,
  readLibrary,
  updateLibrary,
  type LibraryContent,
  type TagVectors,
} from '../../../src/tags/library/index.js';
import { smallItems, writeSmallDataset, type SmallItem } from '../../support/small-dataset.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
const day = (n: number): string => `2026-01-0${n}`;

function itemsOf(tags: readonly (readonly string[])[]): SmallItem[] {
  return tags.map((of, i) => ({
    id: `item-${i}`,
    text: 'text',
    split: 'train',
    itemTags: of.map((tag) => [tag, 0.5] as const),
    userTags: [],
  }));
}

const live = (library: LibraryContent, space: 'item' | 'user' = 'item'): string[] =>
  library.spaces[space]!.cover.tags.filter(({ status }) => status === 'live').map(({ tag }) => tag);

beforeAll(async () => {
  await writeSmallDataset(folder.path('small'), smallItems(40));
  await writeSmallDataset(folder.path('cats'), itemsOf([['Cats', 'pets'], ['cat'], ['cat', 'dog']]));
  await writeSmallDataset(
    folder.path('birds'),
    itemsOf([
      ['the Cat', 'bird'],
      ['owl', 'bird'],
    ]),
  );
});

describe('a tag library', () => {
  it('reads back as it was written, and the same build gives the same bytes', async () => {
    for (const out of ['a', 'b']) {
      await buildLibrary([folder.path('small')], { out: folder.path(out), date: day(1), depth: 1 });
    }
    for (const file of ['manifest.json', 'aliases.arrow', 'cover_set.arrow', `days/${day(1)}.arrow`]) {
      expect(await readFile(folder.path(`a/${file}`))).toEqual(await readFile(folder.path(`b/${file}`)));
    }
    const { spaces } = await readLibrary(folder.path('a'));
    expect(live({ spaces } as LibraryContent)).toEqual(['narrative']);
    expect(spaces.user!.cover.days[0]!.rows.offsets).toHaveLength(41);
  });

  it('keeps ids and canonical forms when a day brings another spelling in greater numbers', async () => {
    const dir = folder.path('spelled');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(1), depth: 2, tau: 1 });
    const before = await readLibrary(dir);
    const { covers } = await updateLibrary(dir, [folder.path('birds')], { date: day(2) });
    const after = await readLibrary(dir);
    expect(live(before)).toEqual(['cat', 'dog', 'pets']);
    expect(live(after)).toEqual(['cat', 'dog', 'pets', 'bird', 'owl']);
    expect(after.spaces.item!.cover.tags.slice(0, 3).map(({ id }) => id)).toEqual(
      before.spaces.item!.cover.tags.map(({ id }) => id),
    );
    expect(covers.item!.admitted.map(({ tag }) => tag)).toEqual(['bird', 'owl']);
    expect(after.spaces.item!.aliases).toContainEqual({
      ...{ raw: 'the Cat', canonical: 'cat', uses: 1, reason: 'spelling', similarity: null },
    });
    expect(after.manifest.inputs.map(({ date, name }) => [date, name])).toEqual([
      [day(1), 'cats'],
      [day(2), 'birds'],
    ]);
  });

  it('writes nothing for the same day again', async () => {
    const dir = folder.path('repeat');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(1) });
    await updateLibrary(dir, [folder.path('birds')], { date: day(2) });
    const manifest = await readFile(folder.path('repeat/manifest.json'));
    const { covers } = await updateLibrary(dir, [folder.path('birds')], { date: day(2) });
    expect(covers.item!.isRepeat).toBe(true);
    expect(await readFile(folder.path('repeat/manifest.json'))).toEqual(manifest);
  });

  it('drops the file of a day that leaves the window', async () => {
    const dir = folder.path('short');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(1), historyDays: 2 });
    for (const n of [2, 3]) await updateLibrary(dir, [folder.path('birds')], { date: day(n) });
    expect(await readdir(folder.path('short/days'))).toEqual([`${day(2)}.arrow`, `${day(3)}.arrow`]);
    expect((await readLibrary(dir)).spaces.item!.cover.tags).toContainEqual(
      expect.objectContaining({ tag: 'dog', status: 'retired', lastSeen: day(1) }),
    );
  });

  it('takes both spaces of a data set, and leaves one alone on a day that lacks it', async () => {
    const dir = folder.path('spaces');
    await buildLibrary([folder.path('small')], { out: dir, date: day(1), historyDays: 1 });
    const { covers } = await updateLibrary(dir, [folder.path('cats')], { date: day(2) });
    expect(Object.keys(covers)).toEqual(['item']);
    const { spaces } = await readLibrary(dir);
    expect(SPACES.map((space) => spaces[space]!.cover.days.map(({ date }) => date))).toEqual([
      [day(2)],
      [day(1)],
    ]);
  });

  it('is brought back when a process was killed between the two renames', async () => {
    const dir = folder.path('killed');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(1) });
    await mkdir(folder.path('.killed.tmp-00000000/days'), { recursive: true }); // what the killed one was writing
    await rename(dir, folder.path('.killed.previous'));
    await updateLibrary(dir, [folder.path('birds')], { date: day(2) });
    expect((await readLibrary(dir)).spaces.item!.cover.version).toBe(2);
    expect(await readdir(folder.path(''))).not.toContain('.killed.previous');
  });

  it('stays as it was when an update fails', async () => {
    const dir = folder.path('safe');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(2) });
    const manifest = await readFile(folder.path('safe/manifest.json'));
    const update = (date: string, signal?: AbortSignal) =>
      updateLibrary(dir, [folder.path('birds')], { date, ...(signal && { signal }) });
    await expect(update(day(1))).rejects.toThrow(/the day is 2026-01-01, but 2026-01-02/);
    await expect(update('tomorrow')).rejects.toThrow(/the date is "tomorrow"/);
    await expect(update(day(3), AbortSignal.abort())).rejects.toMatchObject({ code: 'E_ABORTED' });
    await expect(updateLibrary(dir, [folder.path('gone')], { date: day(3) })).rejects.toMatchObject({
      code: 'E_FILE_MISSING',
    });
    expect(await readFile(folder.path('safe/manifest.json'))).toEqual(manifest);
    expect((await readdir(folder.path(''))).filter((name) => name.startsWith('.safe'))).toEqual([]);
  });

  it('asks for the encoder that it was built with, where tags are kept apart by meaning', async () => {
    const vectors: TagVectors = {
      ...{ name: 'letters', fingerprint: '1' },
      vectorOf: (tag) => Float32Array.of(tag.length, tag.charCodeAt(0)),
    };
    const dir = folder.path('vectors');
    await buildLibrary([folder.path('cats')], { out: dir, date: day(1), maxOverlap: 0.99, vectors });
    const next = { date: day(2), vectors: { ...vectors, fingerprint: '2', name: 'digits' } };
    await expect(updateLibrary(dir, [folder.path('birds')], next)).rejects.toThrow(
      /built with the encoder letters, given was digits/,
    );
    await expect(updateLibrary(dir, [folder.path('birds')], { date: day(2) })).rejects.toThrow(/was none/);
  });

  describe('that was damaged', () => {
    beforeAll(async () => {
      await buildLibrary([folder.path('cats')], { out: folder.path('whole'), date: day(1) });
    });

    it.each([
      ['manifest.json', 'E_FILE_FORMAT', /no JSON/],
      ['aliases.arrow', 'E_FILE_FORMAT', /the manifest says/],
      ['cover_set.arrow', 'E_FILE_FORMAT', /the manifest says/],
      [`days/${day(1)}.arrow`, 'E_FILE_FORMAT', /the manifest says/],
    ])('names %s when it is cut short', async (file, code, message) => {
      const dir = folder.path(`cut-${file.replace('/', '-')}`);
      await cp(folder.path('whole'), dir, { recursive: true });
      await truncate(`${dir}/${file}`, 60);
      const error: unknown = await readLibrary(dir).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
      expect((error as { file: string }).file).toContain(file.split('/').at(-1));
    });

    it('says which field of the manifest is wrong', async () => {
      const dir = folder.path('wrong');
      await cp(folder.path('whole'), dir, { recursive: true });
      const manifest = JSON.parse(await readFile(`${dir}/manifest.json`, 'utf8')) as {
        options: { tau: unknown };
      };
      manifest.options.tau = 'much';
      await writeFile(`${dir}/manifest.json`, JSON.stringify(manifest));
      await expect(readLibrary(dir)).rejects.toThrow(/options\.tau/);
    });

    it('tells a folder that is none, and builds over nothing else', async () => {
      await expect(readLibrary(folder.path('small'))).rejects.toMatchObject({ code: 'E_FILE_MISSING' });
      await expect(
        buildLibrary([folder.path('cats')], { out: folder.path('small'), date: day(1) }),
      ).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
    });
  });
});
