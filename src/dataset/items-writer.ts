import { readArrowRows } from './arrow-reader.js';
import type { ArrowFileWriter } from './arrow-writer.js';
import type { ItemRow } from './rows.js';
import type { OpenTable } from './write-dataset.js';

/**
 * Writes `items.arrow`, with a column of vectors only where an item has one.
 *
 * The first vector settles their length; what was written before it is copied into a table with the column.
 */
export class ItemsWriter {
  private table: ArrowFileWriter<'items'> | undefined;
  private vectorLength: number | undefined;

  constructor(private readonly open: OpenTable) {}

  /** Length of the vectors, or undefined where no item has one yet. */
  get nDims(): number | undefined {
    return this.vectorLength;
  }

  /** @param row its vector, if any, as long as those before it */
  async append(row: ItemRow): Promise<void> {
    if (row.embedding !== undefined && this.vectorLength === undefined) {
      await this.addColumn(row.embedding.length);
    }
    this.table ??= await this.open('items');
    await this.table.append(row);
  }

  /** Make the table where no item did; closing it is up to the data set. */
  async finish(): Promise<void> {
    this.table ??= await this.open('items');
  }

  private async addColumn(nDims: number): Promise<void> {
    const before = this.table;
    await before?.close();
    this.table = await this.open('items', { nDims });
    this.vectorLength = nDims;
    if (before === undefined) return;
    for await (const rows of readArrowRows(before.path, 'items')) await this.table.appendAll(rows);
  }
}
