import type { PlanReport } from '../../teacher/index.js';
import { count, table } from './output.js';
import { dollars } from './teach-output.js';

/** Lay out what a run would ask and cost, a line for each task and model. */
export function planLines({ plans, nItems, notes }: PlanReport): string[] {
  const rows = plans.map(({ task, model, plan }) => {
    const { nQuestions, nCached, nCalls, tokensIn, tokensOut, costMicrousd } = plan;
    return [
      `${task}, ${model}`,
      count(nQuestions),
      count(nCached),
      count(nCalls),
      range(tokensIn, count),
      range(tokensOut, count),
      costMicrousd === null ? '-' : range(costMicrousd, dollars),
    ];
  });
  return [
    `${count(nItems)} items; nothing was asked`,
    ...table(
      [
        'task, model',
        'questions',
        'answered',
        'calls',
        'tokens in p50, p95',
        'out p50, p95',
        'cost p50, p95',
      ],
      rows,
    ),
    ...new Set(plans.map(({ plan }) => plan.basis)),
    ...notes,
  ];
}

function range(
  { p50, p95 }: { readonly p50: number; readonly p95: number },
  show: (value: number) => string,
): string {
  return `${show(Math.round(p50))}, ${show(Math.round(p95))}`;
}
