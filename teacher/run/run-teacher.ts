import { TagdistillError } from '../../src/core/errors.js';
import { RowProblems } from '../../src/dataset/row-problems.js';
import { refuseOccupied, writeDataset } from '../../src/dataset/write-dataset.js';
import { Journal } from '../journal/journal.js';
import { Budget } from '../money/budget.js';
import type { SourceTag } from '../questions/tag-questions.js';
import { teachCard } from '../teach-card.js';
import { AskEverything } from './ask-everything.js';
import { BudgetGate } from './budget-gate.js';
import { Limiter } from '../limits/limiter.js';
import { openTeacher, type OpenTeacher } from './open-teacher.js';
import { newRunId } from './run-id.js';
import { settleOptions, type RunTeacherOptions, type SettledOptions } from './run-options.js';
import { runReport, type RunReport } from './run-report.js';
import { countItems, itemSources, readItems, type ItemCounts } from './item-sources.js';
import { loadPrompts, usedPrompts, type RunPrompts } from './run-prompts.js';
import { runMetadata } from './run-metadata.js';
import { isOrderly, RunStop } from './run-stop.js';
import { nextStepFor, stopError } from './stop-error.js';
import { RunTally } from './run-tally.js';
import { priceModels, type ModelPrices } from './run-prices.js';
import { directionsOf, givenTags, tagsOfItems, tagSources } from './tag-sources.js';
import { readPast, type JournalPast } from './unfinished-answers.js';
import { RunWriter } from './write-run.js';

/**
 * Tag items by a live LLM, and ask it which roles and topics go together, into a data set.
 *
 * Answers go to the journal first, and what it has is never asked again: a run that was stopped, or that has more
 * items than the last one, asks only what is new. The data set holds items in the order of their file, whatever the
 * order of the answers. A question that fails is counted, never ends the run, and is asked again by the next one.
 *
 * @throws TagdistillError `E_BAD_OPTION`; `E_FILE_EXISTS` if `out` is occupied, or another run has the journal;
 *   `E_TEACHER` if the endpoint refuses for good (key, quota, model) or fails again and again; `E_FILE_WRITE` if the
 *   disk refuses; `E_NO_ROWS` if no answer is usable; `E_ABORTED`. What was answered is in the journal in any case
 */
export async function runTeacher(options: RunTeacherOptions): Promise<RunReport> {
  const settled = settleOptions(options);
  await refuseOccupied(settled.out, settled.overwrite ?? false);
  const prompts = loadPrompts(settled);
  const prices = await priceModels(settled);
  const problems = new RowProblems(settled.strict ?? false);
  const counts = await countItems(settled, prompts, problems);
  const tags = settled.tags === undefined ? null : await givenTags(settled.tags, settled, problems);
  const journal = await Journal.open(settled.journal, settled);
  try {
    const { model } = settled.teacher;
    const past = await readPast(journal, { model, tasks: settled.tasks });
    return await new TeacherRun(settled, {
      prompts,
      prices,
      problems,
      journal,
      counts,
      tags,
      past,
    }).run();
  } finally {
    await journal.close();
  }
}

interface RunParts {
  readonly prompts: RunPrompts;
  readonly prices: ModelPrices;
  readonly problems: RowProblems;
  readonly journal: Journal;
  readonly counts: ItemCounts;
  /** Source tags that were given; null: those of the items. */
  readonly tags: readonly SourceTag[] | null;
  readonly past: JournalPast;
}

class TeacherRun {
  private readonly runId: string;
  private readonly startedMs: number;
  private readonly stop: RunStop;
  private readonly tally = new RunTally();
  private readonly budget: Budget;

  constructor(
    private readonly options: SettledOptions,
    private readonly parts: RunParts,
  ) {
    this.startedMs = options.elapsed();
    this.runId = newRunId('run', options.now(), 3);
    this.stop = new RunStop(options.signal);
    this.budget = new Budget(options.budgetMicrousd ?? null);
    if (options.offline === true) {
      this.stop.stop({ kind: 'offline', message: 'nothing was asked, as told' });
    }
  }

  async run(): Promise<RunReport> {
    const teachers: OpenTeacher[] = [];
    try {
      const asked = this.asking(teachers);
      await this.ask(asked);
      this.refuseDisorderly();
      return await this.write(asked);
    } finally {
      for (const teacher of teachers) await teacher.close();
    }
  }

  private asking(teachers: OpenTeacher[]): AskEverything {
    const { options, tally, stop } = this;
    const shared = {
      stop,
      tally,
      budget: new BudgetGate(this.budget, stop),
      random: options.random,
      sleep: options.sleep,
      journal: this.parts.journal,
      runId: this.runId,
      unwritten: new Limiter({ concurrency: options.concurrency }),
    };
    const { prices, past } = this.parts;
    const cheapTeacher = openTeacher(options.teacher, options, {
      ...shared,
      price: prices.teacher,
      past,
    });
    teachers.push(cheapTeacher);
    const strongTeacher =
      options.strong === undefined
        ? null
        : openTeacher(options.strong, options, { ...shared, price: prices.strong, past });
    if (strongTeacher !== null) teachers.push(strongTeacher);
    return new AskEverything({
      cheap: cheapTeacher.asker,
      strong: strongTeacher?.asker ?? null,
      samples: options.samples,
      strongSamples: options.strongSamples,
      leastAgreement: options.agreement,
      stop,
      problems: this.parts.problems,
      taking: this.takingSignal(),
      concurrency: options.concurrency,
      stopWhenRecall: options.stopWhenRecall ?? null,
      recallWindow: options.recallWindow,
      figures: () => this.figures(cheapTeacher),
      ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
    });
  }

  // Without asking, the whole file is still gone through.
  private takingSignal(): AbortSignal {
    if (this.options.offline !== true) return this.stop.signal;
    return this.options.signal ?? new AbortController().signal;
  }

  private async ask(asked: AskEverything): Promise<void> {
    const { prompts, counts } = this.parts;
    if (this.options.tasks.includes('item2tag')) {
      await asked.askItems(itemSources(this.options, prompts), counts.nItems);
    }
    if (directionsOf(this.options.tasks).length === 0 || this.takingSignal().aborted) return;
    const tags =
      this.parts.tags ??
      (await tagsOfItems(this.options, { itemKeys: asked.itemKeys, journal: this.parts.journal }));
    await asked.askTags(tagSources(tags, this.options, prompts), tags.length);
  }

  private figures({ limiter }: OpenTeacher): Record<string, number | string> {
    const { tally } = this;
    const failures = Array.from(tally.failuresByClass, ([kind, n]) => `${kind} ${n}`).join(', ');
    return {
      'in flight': limiter.state.inFlight,
      ...(this.parts.prices.teacher !== null && { cost: `$${(tally.costMicrousd / 1e6).toFixed(4)}` }),
      ...(tally.nReused > 0 && { reused: tally.nReused }),
      ...(tally.nRetries > 0 && { retries: tally.nRetries }),
      ...(failures !== '' && { failed: failures }),
      ...(limiter.state.pausedMs > 0 && { paused: `${Math.ceil(limiter.state.pausedMs / 1000)} s` }),
    };
  }

  /** An interruption, a dead endpoint or a full disk leave the journal alone behind, and say how to go on. */
  private refuseDisorderly(): void {
    const { signal, journal } = this.options;
    const { reason } = this.stop;
    if (reason !== null && !isOrderly(reason)) throw stopError(reason, this.kept());
    if (signal?.aborted === true) {
      throw new TagdistillError('E_ABORTED', 'the run was stopped', { hint: `See ${journal}.` });
    }
  }

  private kept(): string {
    const { journal } = this.options;
    const n = this.tally.nAnswered + this.tally.nReused;
    if (n === 0) return 'Nothing was answered yet: run the same command again.';
    const are = n === 1 ? '1 answer is' : `${n.toLocaleString('en-GB')} answers are`;
    return `${are} in ${journal}: run the same command again to go on, or with --offline to make the data set of what is there.`;
  }

  private async write(asked: AskEverything): Promise<RunReport> {
    const { options, stop } = this;
    const { prompts, journal, prices, counts, problems } = this.parts;
    const hasItems = options.tasks.includes('item2tag');
    return writeDataset({
      out: options.out,
      overwrite: options.overwrite ?? false,
      metadata: runMetadata(options, usedPrompts(prompts, counts.nWithImages)),
      write: async (open) => {
        const written = await new RunWriter(
          {
            journal,
            samples: options.samples,
            items: hasItems ? readItems(options, prompts) : null,
            itemKeys: asked.itemKeys,
            itemMarks: asked.itemMarks,
            answeredOnly: stop.reason !== null,
            tags: asked.tags,
            tagKeys: asked.tagKeys,
            onItem: (done) => options.onProgress?.({ stage: 'write', done, total: this.parts.counts.nItems }),
          },
          open,
        ).write();
        if (written.nUsable === 0) throw this.nothingUsable();
        const report = runReport(written, {
          options,
          runId: this.runId,
          durationMs: options.elapsed() - this.startedMs,
          reason: stop.reason,
          tally: this.tally,
          statistics: asked.statistics,
          cascades: asked.cascades,
          hasPrice: prices.teacher !== null,
          ...{ counts, problems, journalMicrousd: journal.spentMicrousd },
        });
        return { card: teachCard(report, { summary: summaryOf(report, options) }), result: report };
      },
    });
  }

  private nothingUsable(): TagdistillError {
    const [first] = this.tally.failures;
    const [problem] = this.parts.problems.first;
    const why =
      first !== undefined
        ? `The first failure: ${first.message}. ${nextStepFor(first.kind)}`
        : (problem?.message ??
          this.stop.reason?.message ??
          `See the answers in ${this.options.journal}: none of them names a tag.`);
    return new TagdistillError('E_NO_ROWS', 'there is no usable answer to make a data set of', { hint: why });
  }
}

function summaryOf(
  { nItems, nAnswers }: { nItems: number; nAnswers: number },
  { teacher }: SettledOptions,
): string {
  return `${nItems} items with the tags of ${teacher.model}, from ${nAnswers} answers.`;
}
