import cliProgress from 'cli-progress';
import type { OnProgress } from '../core/progress.js';
import type { CommonOptions } from './output.js';

export interface ProgressBar {
  readonly onProgress: OnProgress;
  stop(): void;
}

/** Show long work on stderr with rate and ETA, only on a terminal; elsewhere, and with --json or --quiet, nothing. */
export function progressBar({ json, quiet }: CommonOptions): ProgressBar {
  if (!process.stderr.isTTY || json === true || quiet === true)
    return { onProgress: () => undefined, stop: () => undefined };
  let bar: cliProgress.SingleBar | undefined;
  let stage = '';
  let startedAt = 0;
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    onProgress: ({ stage: now, done, total, figures = {} }) => {
      if (now !== stage || bar === undefined) {
        stop();
        stage = now;
        startedAt = performance.now();
        const known =
          total === undefined ? '{value}' : '{bar} {percentage} % {value}/{total}  ETA {eta_formatted}';
        bar = new cliProgress.SingleBar(
          {
            format: `{stage}  ${known}  {rate}/s  {figures}`,
            stream: process.stderr,
            hideCursor: true,
            fps: 8,
          },
          cliProgress.Presets.shades_classic,
        );
        bar.start(total ?? 0, 0, { stage, rate: '-', figures: '' });
      }
      if (total !== undefined) bar.setTotal(total);
      const elapsed = (performance.now() - startedAt) / 1000;
      const rate = elapsed > 0.2 ? formatRate(done / elapsed) : '-';
      const shown = Object.entries(figures).map(([name, value]) => {
        return `${name} ${typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(4) : value}`;
      });
      bar.update(done, { stage, rate, figures: shown.join('  ') });
    },
    stop,
  };
}

/** Three digits, more where the number has them, and never an exponent. */
function formatRate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toPrecision(3) : Math.round(perSecond).toLocaleString('en-GB');
}
