import { TagdistillError } from '../core/errors.js';
import { parseJson } from '../core/parse-json.js';
import { SPACES } from '../core/space.js';
import type { Calibrations } from './calibration.js';

type Wrong = (field: string, wanted: string, found: unknown) => never;

const REPORT_NUMBERS = [
  'nItems',
  'k',
  'eceK',
  'eceBefore',
  'eceAfter',
  'logLossBefore',
  'logLossAfter',
] as const;
const BIN_NUMBERS = ['lower', 'upper', 'n', 'meanProbability', 'shareNamed'] as const;

/**
 * Read `calibration.json`.
 *
 * @throws TagdistillError `E_BUNDLE_FORMAT` for text that is no JSON, or naming the first field that is wrong
 */
export function readCalibrations(text: string, file: string): Calibrations {
  const hint = 'Copy the bundle again, whole, or export the student again.';
  const wrong: Wrong = (field, wanted, found) => {
    const shown = (JSON.stringify(found) as string | undefined) ?? 'nothing';
    throw new TagdistillError(
      'E_BUNDLE_FORMAT',
      `${field} should be ${wanted}, found ${shown.slice(0, 80)}`,
      {
        file,
        hint,
      },
    );
  };
  const value = parseJson(text, { code: 'E_BUNDLE_FORMAT', file, hint });
  if (!isRecord(value)) return wrong('the calibration', 'a JSON object', value);
  for (const [space, map] of Object.entries(value)) {
    if (!(SPACES as readonly string[]).includes(space)) wrong(space, `one of ${SPACES.join(', ')}`, map);
    checkMap(space, map, wrong);
  }
  return value;
}

function checkMap(space: string, map: unknown, wrong: Wrong): void {
  if (!isRecord(map)) return wrong(space, 'an object', map);
  const { scale, shift, knots, tagShifts } = map;
  if (!Number.isFinite(scale) || (scale as number) < 0) wrong(`${space}.scale`, 'a number from 0', scale);
  if (!Number.isFinite(shift)) wrong(`${space}.shift`, 'a number', shift);
  if (!Array.isArray(knots)) return wrong(`${space}.knots`, 'a list', knots);
  knots.forEach((knot: unknown, i) => {
    if (!Array.isArray(knot) || knot.length !== 2 || !knot.every((x) => Number.isFinite(x))) {
      return wrong(`${space}.knots[${i}]`, 'a pair of numbers', knot);
    }
    const before = knots[i - 1] as readonly [number, number] | undefined;
    const [logit, logOdds] = knot as [number, number];
    if (before !== undefined && !(logit > before[0] && logOdds >= before[1])) {
      wrong(`${space}.knots[${i}]`, `above the knot before it, ${JSON.stringify(before)}`, knot);
    }
  });
  if (!isRecord(tagShifts)) return wrong(`${space}.tagShifts`, 'an object', tagShifts);
  for (const [column, of] of Object.entries(tagShifts)) {
    if (!/^\d+$/.test(column) || !Number.isFinite(of)) {
      wrong(`${space}.tagShifts["${column}"]`, 'a number, under the number of a column', of);
    }
  }
  if (map['report'] !== null) checkReport(`${space}.report`, map['report'], wrong);
}

function checkReport(field: string, report: unknown, wrong: Wrong): void {
  if (!isRecord(report)) return wrong(field, 'an object or null', report);
  for (const name of REPORT_NUMBERS) {
    if (!Number.isFinite(report[name])) wrong(`${field}.${name}`, 'a number', report[name]);
  }
  const { stages, bins } = report;
  if (!Array.isArray(stages) || !stages.every((stage) => typeof stage === 'string')) {
    wrong(`${field}.stages`, 'a list of names', stages);
  }
  if (!Array.isArray(bins)) return wrong(`${field}.bins`, 'a list', bins);
  bins.forEach((bin: unknown, i) => {
    if (!isRecord(bin)) return wrong(`${field}.bins[${i}]`, 'an object', bin);
    for (const name of BIN_NUMBERS) {
      if (!Number.isFinite(bin[name])) wrong(`${field}.bins[${i}].${name}`, 'a number', bin[name]);
    }
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
