import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ArrowFileWriter } from '../../../src/dataset/arrow-writer.js';
import { tablePath } from '../../../src/dataset/files.js';
import { loadLabelled } from '../../../src/dataset/load-labelled.js';
import type { ItemTagRow } from '../../../src/dataset/rows.js';
import { transferDataset, type TransferOptions } from '../../../src/tags/transfer/transfer-dataset.js';
import { transferLines } from '../../../src/tags/transfer/transfer-report.js';
import { writeSmallDataset } from '../../support/small-dataset.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { toyVectors } from '../../support/toy-vectors.js';

const folder = temporaryFolder();
const targets: TransferOptions['targets'] = {
  item: [{ tag: 'vineyards', aliases: ['wine estate'] }, { tag: 'chess' }, { tag: 'story' }],
  user: [{ tag: 'chess players' }],
};

async function tagRows(dir: string, rows: readonly Partial<ItemTagRow>[]): Promise<void> {
  const writer = await ArrowFileWriter.create(tablePath(dir, 'item_tags'), 'item_tags');
  await writer.appendAll(
    rows.map((row) => ({
      item_id: 'book-0',
      space: 'item' as const,
      tag_raw: 'chess',
      tag: 'chess',
      rank: 0,
      score: 1,
      votes: 1,
      samples: 1,
      logprob: null,
      call_keys: [],
      ...row,
    })),
  );
  await writer.close();
}

describe('transferDataset', () => {
  it('gives the same items with tags of the cover set alone', async () => {
    const source = folder.path('small');
    await writeSmallDataset(source);
    const out = folder.path('moved');
    const report = await transferDataset(source, { targets, out, targetName: 'lib' });
    const [before, after] = [await loadLabelled(source), await loadLabelled(out)];
    expect(after.ids).toEqual(before.ids);
    expect(after.splits).toEqual(before.splits);
    expect(after.labels.item!.tags).toEqual(['vineyards', 'chess']);
    expect(after.labels.user!.tags).toEqual(['chess players']);
    expect(report).toMatchObject({ nItems: 120, nTaggedBefore: 120, nTaggedAfter: 60 });
    expect(report.spaces.item).toMatchObject({
      nTags: 5,
      nUses: 240,
      nTargets: 3,
      nTargetsUsed: 2,
      byKind: {
        exact: { nTags: 1, nUses: 30 },
        spelling: { nTags: 1, nUses: 30 },
        none: { nTags: 3, nUses: 180 },
      },
      similarityQuantiles: [],
    });
    const lines = [...transferLines(report.spaces)].map((line) => JSON.parse(line) as object);
    expect(lines[0]).toEqual({
      space: 'item',
      tag: 'narrative',
      uses: 120,
      kind: 'none',
      target: null,
      similarity: null,
    });
  });

  it('maps on the nearest tag where names fail, and tells quantiles of the cosines', async () => {
    const source = folder.path('near');
    await writeSmallDataset(source);
    await tagRows(source, [
      { tag_raw: 'chess:0.9', score: 0.5 },
      { tag_raw: 'story:0.5', rank: 1 },
    ]);
    const near = { vectorOf: toyVectors(['chess', 'story']), threshold: 0.8, isUnguarded: true };
    const out = folder.path('near-moved');
    const { spaces } = await transferDataset(source, { targets, near, out, targetName: 'lib' });
    const { labels } = await loadLabelled(out);
    expect(labels.item!.tags).toEqual(['chess']);
    expect(labels.item!.rows.values[0]).toBeCloseTo(0.45, 6);
    const { similarityQuantiles, tags } = spaces.item!;
    expect(similarityQuantiles.map(({ share }) => share)).toEqual([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]);
    expect(similarityQuantiles[0]!.similarity).toBeCloseTo(0.5, 6);
    expect(similarityQuantiles[3]!.similarity).toBeCloseTo(0.7, 6);
    expect(tags.map(({ tag, kind, target }) => [tag, kind, target])).toEqual([
      ['chess:0.9', 'near', 'chess'],
      ['story:0.5', 'none', 'story'],
    ]);
  });

  it('leaves nothing half made: refused rows, an occupied place, a stop', async () => {
    const source = folder.path('bad');
    await writeSmallDataset(source);
    const out = folder.path('never');
    const attempt = (options: Partial<TransferOptions> = {}): Promise<unknown> =>
      transferDataset(source, { targets, out, targetName: 'lib', ...options });
    await tagRows(source, [{}, { item_id: 'book-1' }, {}]);
    await expect(attempt()).rejects.toMatchObject({
      code: 'E_BAD_ROW',
      row: 2,
      message: expect.stringContaining('do not stand together'),
    });
    await tagRows(source, [{}, { space: 'place' as 'item' }]);
    await expect(attempt()).rejects.toMatchObject({ code: 'E_BAD_ROW', row: 1 });
    await tagRows(source, []);
    await expect(attempt()).rejects.toMatchObject({ code: 'E_NO_ROWS' });
    await tagRows(source, [{}]);
    await expect(attempt({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'E_ABORTED' });
    expect(existsSync(out)).toBe(false);
    expect((await readdir(folder.path(''))).filter((name) => name.includes('.tmp-'))).toEqual([]);
    await cp(source, out, { recursive: true });
    await expect(attempt()).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
    await expect(attempt({ overwrite: true })).resolves.toMatchObject({ nTaggedAfter: 1 });
  });
});
