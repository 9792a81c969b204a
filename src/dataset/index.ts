export { readArrowRows } from './arrow-reader.js';
export { ArrowFileWriter } from './arrow-writer.js';
export { importLabels, type ImportOptions, type ImportReport } from './import-labels.js';
export { readLabelRows, type GivenTag, type LabelRow } from './label-row.js';
export type { GivenVectors, LabelledItems, TagLabels } from './labelled-items.js';
export { loadLabelled, type LoadLabelledOptions } from './load-labelled.js';
export { readRecords } from './read-records.js';
export type { InputRecord, ReadRecordsOptions } from './input-record.js';
export { RowProblems } from './row-problems.js';
export type {
  CallRow,
  CoverSetRow,
  Direction,
  ItemRow,
  ItemTagRow,
  Split,
  TagEdgeRow,
  Task,
} from './rows.js';
export type { TableName, Tables } from './schemas.js';
export { splitOf, type SplitShares } from './split.js';
export { summariseArrow, summariseDataset, type ArrowSummary, type DatasetSummary } from './summarise.js';
export { writeDataset, type WriteDatasetOptions } from './write-dataset.js';
