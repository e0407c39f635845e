/** A tool that takes part: how its revision files look, and how its processes are started. */
import type { NeutralRevision } from './history/neutral.ts'

export type BenchDialect = 'sqlite' | 'postgres'

export type Transactions = 'all revisions' | 'each revision' | 'each statement'

export interface CommandLine {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
}

export interface Tool {
  readonly name: string
  readonly dialects: readonly BenchDialect[]
  /** What commits together when it runs several revisions, as it does when nothing is said. */
  readonly transactions: Readonly<Record<BenchDialect, Transactions>>
  /** Why it cannot take part on that dialect here; undefined when it can. */
  missing(dialect: BenchDialect): Promise<string | undefined>
  /** A new folder where its revision files find what they import. */
  folder(): Promise<string>
  /** Writes the files of a history, and the configuration of its command; the database stands in `BENCH_DATABASE`. */
  write(revisions: readonly NeutralRevision[], folder: string, dialect: BenchDialect): Promise<void>
  /** The process that answers requests, for figures without a start: see `worker.ts`. */
  worker(): Promise<CommandLine>
  /** What a request for an upgrade says besides where. */
  readonly upgradeOptions?: Readonly<Record<string, unknown>> | undefined
  /** Ways in which it can change a column of a SQLite table; undefined where it cannot. */
  readonly rebuilds?: readonly RebuildVariant[] | undefined
  /** Where it can compare a declared schema with what is there; undefined where it cannot. */
  readonly compares?: readonly BenchDialect[] | undefined
  /** The command that brings the database to head. */
  upgradeCommand(folder: string, database: string): Promise<CommandLine>
}

export interface RebuildVariant {
  /** Beside the name of the tool. */
  readonly label?: string
  readonly place: 'file' | 'memory'
  /** Whether SQLite enforces foreign keys; left out: as the tool or its driver has it. */
  readonly foreignKeys?: boolean
}
