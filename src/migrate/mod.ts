/** `tidemark/migrate`: a migration kit for a schema of your own, on any storage. */
export { defineConfig } from './define-config.ts'
export type { MigrationsConfig } from './define-config.ts'
export { defineRevision } from './revision.ts'
export type { Revision, RevisionSpec } from './revision.ts'
export { RevisionGraph } from './graph.ts'
export type { GraphProblem, GraphRevision, HistoryRange, RevisionTarget, TargetProblem } from './graph.ts'
export { Migrator } from './migrator.ts'
export type { MigratorOptions } from './migrator.ts'
export type {
  Direction, HalfWay, HistoryEntry, MigrationPlan, MigrationProgress, MigrationResult, MigrationStatus, MigrationStep, PlannedStep, RunOptions, TransactionMode,
} from './migration-plan.ts'
export type { LockSetting } from './lock.ts'
export type { OpenShadow, Shadows } from './shadow.ts'
export type { RanOperation } from './run-revision.ts'
export type { RunDirection, RunRecord } from './bookkeeping.ts'
export type { AlterColumnOptions, ColumnSource, CreateForeignKeyOptions, CreateIndexOptions, DropIndexOptions, Op, TableChanges, UpdateInBatchesOptions } from './op.ts'
export type { BatchedUpdate, ColumnChange, ConstraintKind, InsertRow, Operation, TableOperation } from './operation.ts'
