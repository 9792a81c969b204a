import { basename } from 'node:path';
import { packageVersion } from '../src/core/package-info.js';
import { SPACES, type Space } from '../src/core/space.js';
import { datasetCard, type DatasetCard } from '../src/dataset/card.js';
import type { TeachReport } from './teach-report.js';

export type CardWords = Partial<Pick<DatasetCard, 'name' | 'summary' | 'license' | 'sections'>>;

/** Write the card of a data set that a teacher's answers made. */
export function teachCard(report: TeachReport, words: CardWords & Pick<DatasetCard, 'summary'>): string {
  const tags: Partial<Record<Space, { nUses: number; nDistinct: number }>> = {};
  for (const space of SPACES) {
    const counts = report.tags[space];
    if (counts !== undefined) tags[space] = { nUses: counts.nUses, nDistinct: counts.nRaw };
  }
  return datasetCard({
    name: basename(report.dir),
    ...words,
    toolVersion: packageVersion(),
    nBySplit: report.nBySplit,
    tags,
    tables: ['items', 'calls', 'item_tags', 'tag_edges'],
    ...(report.nDims !== undefined && { nDims: report.nDims }),
  });
}
