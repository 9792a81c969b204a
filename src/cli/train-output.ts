import type { BundleManifest } from '../bundle/manifest.js';
import type { ProgressEvent } from '../core/progress.js';
import { SPACES } from '../core/space.js';
import type { TrainReport } from '../../student/index.js';
import { count, figure, megabytes, seconds, table } from './output.js';
import { INT8_COST, int8Cost, readsLine, settingsLine } from './student-lines.js';

/** Lay out what a training run made, and how, as people read it. */
export function trainLines(report: TrainReport, encoder: BundleManifest['encoder']): string[] {
  const { nTags, nTraining, nValidation, validation, quantisation, precision, parity } = report;
  const isInt8 = precision === 'int8';
  return [
    `${report.dir}: ${megabytes(report.sizeBytes)}, ${count(report.nParameters)} parameters as ${precision}; ${count(nTraining)} training and ${count(nValidation)} validation items, ${report.epochs} epochs, ${seconds(report.durationMs)}`,
    settingsLine(report.settings),
    readsLine(encoder),
    ...table(
      ['space', 'tags', 'validation nDCG@5', ...(isInt8 ? [INT8_COST] : [])],
      SPACES.flatMap((space) => {
        const n = nTags[space];
        if (n === undefined) return [];
        const cost = isInt8 ? [int8Cost(quantisation[space])] : [];
        return [[space, count(n), figure(validation[space]), ...cost]];
      }),
    ),
    `parity of the float32 model with the trained network: largest difference of a logit ${parity.maxDifference.toExponential(1)} over ${parity.nTexts} texts`,
  ];
}

/** Watches the progress of a training run for its first event, which tells whether it goes on from a checkpoint. */
export class TrainingStart {
  private first: ProgressEvent | undefined;

  look(event: ProgressEvent): void {
    if (event.stage === 'train' || event.stage === 'refit') this.first ??= event;
  }

  get isResumed(): boolean {
    return !(this.first?.stage === 'train' && this.first.done === 1);
  }
}
