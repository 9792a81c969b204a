export { canonicalCounts, type AliasTable } from './alias-table.js';
export { checkDecisions, type Decision, type Decisions } from './decisions.js';
export { KindGuard, type KindGuardOptions } from './kind-guard.js';
export { mergeSemantic, type MergeSemanticOptions } from './semantic.js';
export type { Alias, AliasReason, Merge, NearMiss, SemanticAliases } from './semantic-aliases.js';
export { mergeTags } from './spelling.js';
