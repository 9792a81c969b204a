import { packagePath } from '../../src/core/package-info.js';
import type { LabelledItems } from '../../src/dataset/labelled-items.js';
import { loadLabelled } from '../../src/dataset/load-labelled.js';
import { writeSmallDataset, type SmallItem } from './small-dataset.js';

type Tags = SmallItem['itemTags'];

/** Write the first books of the data set that ships with the package as one of their own, and give them. */
export async function writeBookDataset(out: string, nItems: number): Promise<SmallItem[]> {
  const books = await loadLabelled(packagePath('datasets', 'books'));
  const items = books.texts.slice(0, nItems).map((text, i) => ({
    id: books.ids[i]!,
    text,
    split: books.splits[i]!,
    itemTags: tagsOf(books, 'item', i),
    userTags: tagsOf(books, 'user', i),
  }));
  await writeSmallDataset(out, items);
  return items;
}

function tagsOf({ labels }: LabelledItems, space: 'item' | 'user', item: number): Tags {
  const { tags, rows } = labels[space]!;
  const [start, end] = [rows.offsets[item]!, rows.offsets[item + 1]!];
  return Array.from(rows.indices.subarray(start, end), (column, i) => [
    tags[column]!,
    rows.values[start + i]!,
  ]);
}
