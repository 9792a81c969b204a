import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { findImages, loadImage } from '../../../teacher/questions/images.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { IMAGES } from './sample-images.js';

const folder = temporaryFolder();
const png = IMAGES['image/png'];
const pngUrl = `data:image/png;base64,${png.toString('base64')}`;
const options = { baseDir: '', maxBytes: 1000 };
let baseDir = '';

const find = (cell: unknown, maxBytes = 1000): ReturnType<typeof findImages> =>
  findImages('images', cell, { baseDir, maxBytes });

beforeAll(async () => {
  baseDir = dirname(await folder.write('cover.jpg', png));
  await folder.write('note.png', 'this is text');
  await folder.write('empty.png', '');
  await folder.write('big.png', Buffer.concat([png, Buffer.alloc(1000)]));
});

describe('findImages', () => {
  it('finds none where there is no cell', async () => {
    for (const cell of [undefined, null, '', []]) expect(await find(cell)).toEqual([]);
  });

  it('takes a path, a list, a list as JSON, and texts with bars between', async () => {
    const cover = { kind: 'file', path: folder.path('cover.jpg') };
    const web = { kind: 'url', url: 'https://example.org/a.png?b|c' };
    expect(await find('cover.jpg')).toEqual([cover]);
    expect(await find(folder.path('cover.jpg'))).toEqual([cover]);
    expect(await find(pathToFileURL(folder.path('cover.jpg')).href)).toEqual([cover]);
    expect(await find(['cover.jpg', web.url])).toEqual([cover, web]);
    expect(await find('["cover.jpg", "https://example.org/a.png?b|c"]')).toEqual([cover, web]);
    expect(await find('cover.jpg | cover.jpg')).toEqual([cover, cover]);
  });

  it('gives a data URL the media type of its content', async () => {
    expect(await find(pngUrl.replace('image/png', 'image/jpeg'))).toEqual([{ kind: 'url', url: pngUrl }]);
  });

  it.each([
    ['missing.png', /cannot read the image .*missing\.png: ENOENT/],
    ['note.png', /is no image that can be sent: its first bytes are 7468697320697320/],
    ['empty.png', /has 0 bytes/],
    ['big.png', /has \d+ bytes, over the limit of 1000/],
    ['.', /cannot read the image .*EISDIR/],
    [[5], /should hold paths or URLs of images, found 5/],
    [[' '], /blank/],
    ['http://[', /no valid URL/],
    ['data:image/png,abc', /not in base64/],
    ['data:image/png;base64,', /has 0 bytes/],
    ['data:image/png;base64,aGVsbG8=', /no image that can be sent/],
  ])('finds a problem in %j', async (cell, message) => {
    expect(await find(cell)).toMatchObject({ message: expect.stringMatching(message) as string });
  });
});

describe('loadImage', () => {
  it.each(Object.entries(IMAGES))('tells %s by content, not by name', async (type, bytes) => {
    const path = await folder.write('some.bmp', bytes);
    expect(await loadImage({ kind: 'file', path }, options)).toBe(
      `data:${type};base64,${bytes.toString('base64')}`,
    );
  });

  it('tells of a file that is gone, or no image any more', async () => {
    const gone = await loadImage({ kind: 'file', path: folder.path('gone.png') }, options);
    expect(gone).toMatchObject({ message: expect.stringMatching(/ENOENT/) as string });
    const changed = await loadImage({ kind: 'file', path: folder.path('note.png') }, options);
    expect(changed).toMatchObject({ message: expect.stringMatching(/no image/) as string });
  });
});
