export {
  answeredCall,
  callKey,
  type AnsweredCall,
  type CallRequest,
  type CallResponse,
} from './questions/call.js';
export { answerOf, collectEdges, collectItemTags, type Answer } from './answers/collect.js';
export type { TagSpaceCounts } from './answers/count-tags.js';
export { parseAnswer, targetSpace, type ParsedAnswer } from './answers/parse-answer.js';
export { parseTags, type TagAnswer } from './answers/parse-tags.js';
export { parseTargets, type TargetAnswer } from './answers/parse-targets.js';
export {
  loadPrompt,
  PROMPT_OF,
  renderPrompt,
  type Message,
  type Prompt,
  type PromptId,
} from './questions/prompts.js';
export type { BatchOptions, RunTeacherBatchOptions } from './batch/batch-options.js';
export type { BatchReport, BatchRunReport } from './batch/batch-report.js';
export { runTeacherBatch } from './batch/run-teacher-batch.js';
export { replayAnswers, type ReplayOptions } from './replay/replay.js';
export type { ItemRecord } from './questions/read-item.js';
export type { ParsedTag } from './answers/tag-text.js';
export type { TeachReport } from './teach-report.js';
export { planTeacher, type PlannedTask, type PlanReport } from './run/plan-teacher.js';
export type { CascadeReport } from './run/cascade-report.js';
export type { RunTeacherOptions, TeacherModel } from './run/run-options.js';
export type { RunReport } from './run/run-report.js';
export type { FailedQuestion } from './run/run-tally.js';
export { runTeacher } from './run/run-teacher.js';
export type { GrowthPoint, SpaceGrowth } from './run/tag-statistics.js';
