import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibrations } from '../../bundle/calibration.js';
import { readBundle } from '../../bundle/read-bundle.js';
import { BUNDLE_FILES, type BundleManifest } from '../../bundle/manifest.js';
import { TagdistillError } from '../../core/errors.js';
import { isThere } from '../../core/is-there.js';
import { SPACES } from '../../core/space.js';
import { SPLITS } from '../../dataset/rows.js';
import {
  summariseArrow,
  summariseDataset,
  type ArrowSummary,
  type DatasetSummary,
} from '../../dataset/summarise.js';
import { count, figure, filesTable, megabytes, printReport, table, type CommonOptions } from '../output.js';
import { INT8_COST, int8Cost, int8LossesOf, readsLine } from '../student-lines.js';

export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'tell what is inside a data set folder, a student bundle or an Arrow file, and whether it is whole',
    )
    .argument('<path>', 'data set folder, bundle folder or .arrow file')
    .addHelpText(
      'after',
      `
Examples:
  $ tagdistill inspect datasets/books
  $ tagdistill inspect exports/books`,
    )
    .action(async (path: string, options: CommonOptions) => {
      const info = await stat(path).catch((cause: unknown) => {
        throw new TagdistillError('E_FILE_MISSING', 'there is nothing here', {
          file: path,
          hint: 'Check the path.',
          cause,
        });
      });
      if (info.isFile()) {
        const summary = await summariseArrow(path);
        printReport({ kind: 'arrow', ...summary }, options, () => arrowLines(summary));
      } else if (await isThere(join(path, BUNDLE_FILES.manifest))) {
        const { manifest, calibrations } = await readBundle(path); // throws where a checksum is off
        const calibration = Object.fromEntries(
          Object.entries(calibrations).map(([space, { report }]) => [space, report]),
        );
        printReport({ ...manifest, calibration, kind: 'bundle' }, options, () =>
          bundleLines(manifest, calibrations),
        );
      } else if (!(await isThere(join(path, 'items.arrow')))) {
        throw new TagdistillError(
          'E_FILE_MISSING',
          'neither a bundle nor a data set: the folder has no manifest.json and no items.arrow',
          {
            file: path,
            hint: 'Give a folder that `tagdistill train`, `tagdistill import` or `tagdistill teach` made.',
          },
        );
      } else {
        const summary = await summariseDataset(path);
        printReport({ kind: 'dataset', ...summary }, options, () => datasetLines(summary));
      }
    });
}

function datasetLines({ dir, nItems, nBySplit, tags, embeddings, files }: DatasetSummary): string[] {
  return [
    `data set ${dir}: ${count(nItems)} items (${SPLITS.map((split) => `${split} ${count(nBySplit[split])}`).join(', ')})`,
    ...embeddingLines(embeddings, nItems),
    ...table(
      ['tags', 'uses', 'distinct', 'with a strength', 'an item'],
      SPACES.flatMap((space) => {
        const of = tags[space];
        if (of === undefined) return [];
        return [
          [space, count(of.nUses), count(of.nDistinct), count(of.nWithStrength), of.meanPerItem.toFixed(1)],
        ];
      }),
    ),
    '',
    ...table(
      ['file', 'rows', 'size', 'sha256'],
      files.map(({ file, nRows, sizeBytes, sha256 }) => [
        file,
        count(nRows),
        megabytes(sizeBytes),
        sha256.slice(0, 12),
      ]),
    ),
  ];
}

function embeddingLines(embeddings: DatasetSummary['embeddings'], nItems: number): string[] {
  if (embeddings === undefined) return [];
  const { nDims, nGiven } = embeddings;
  return [`given vectors of ${count(nDims)} numbers: ${count(nGiven)} of ${count(nItems)} items`];
}

function arrowLines({ file, nRows, sizeBytes, sha256, columns, metadata }: ArrowSummary): string[] {
  return [
    `Arrow file ${file}: ${count(nRows)} rows, ${megabytes(sizeBytes)}, sha256 ${sha256.slice(0, 12)}`,
    ...table(['column', 'type'], Object.entries(columns)),
    '',
    ...table(
      ['metadata', 'value'],
      Object.entries(metadata).map(([name, value]) => [
        name,
        value.length > 60 ? `${value.slice(0, 60)}...` : value,
      ]),
    ),
  ];
}

function bundleLines(manifest: BundleManifest, calibrations: Calibrations): string[] {
  const { name, kind, toolVersion, spaces, vocabulary, encoder, model, files } = manifest;
  const isInt8 = model.precision === 'int8';
  const losses = int8LossesOf(manifest);
  const present = SPACES.filter((space) => spaces[space] !== undefined);
  return [
    `${kind} student ${name}, written by tagdistill ${toolVersion}; every checksum holds`,
    `vocabulary ${vocabulary.kind}; ${count(model.nParameters)} parameters as ${model.precision}`,
    readsLine(encoder),
    ...table(
      ['space', 'tags', 'calibrated by', 'ECE before', 'after', ...(isInt8 ? [INT8_COST] : [])],
      present.map((space) => {
        const report = calibrations[space]?.report;
        return [
          space,
          count(spaces[space]!.nTags),
          report?.stages.join(' + ') ?? 'nothing',
          figure(report?.eceBefore),
          figure(report?.eceAfter),
          ...(isInt8 ? [int8Cost(losses[space])] : []),
        ];
      }),
    ),
    '',
    ...filesTable(files),
  ];
}
