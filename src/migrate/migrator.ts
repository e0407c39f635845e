/**
 * Brings a database from one revision to another. Asks the graph for the steps and has them run under the lock, each in a
 * transaction of its own unless asked otherwise; says where the database stands and what was run on it.
 */
import type { SchemaScope } from '../schema/difference.ts'
import { type Schema, defaultNaming } from '../schema/table.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { Bookkeeping, type HalfWayRun, defaultHistoryTable, defaultVersionTable } from './bookkeeping.ts'
import type { CheckReport } from './check-report.ts'
import { type HistoryRange, RevisionGraph, type RevisionTarget } from './graph.ts'
import { halfWayOf, readHalfWay, withHalfWayFirst } from './half-way.ts'
import { type LockSetting, lockedTransaction } from './lock.ts'
import { requireReversible, unknownRevision } from './migration-errors.ts'
import type { Direction, HalfWay, HistoryEntry, MigrationPlan, MigrationResult, MigrationStatus, RunOptions } from './migration-plan.ts'
import { rowsAfterSteps } from './next-step.ts'
import type { Revision } from './revision.ts'
import { runRecord } from './run-record.ts'
import { type RunContext, plannedStep, runSteps } from './run-steps.ts'
import type { Shadows } from './shadow.ts'
import type { VerifyOptions, VerifyReport } from './verify/verify-revisions.ts'

export type { HistoryEntry, MigrationPlan, MigrationResult } from './migration-plan.ts'

/** What a migrator works on. */
export interface MigratorOptions {
  readonly storage: Storage
  /** In any order. */
  readonly revisions: readonly Revision[]
  /** The declared schema; its naming convention names what revisions leave unnamed. */
  readonly schema?: Schema | undefined
  /** Default `tidemark_version`. `alembic_version` takes over a database that Alembic managed. */
  readonly versionTable?: string | undefined
  /** Default `tidemark_history`. */
  readonly historyTable?: string | undefined
  /**
   * How long to wait for another runner: 60 000 ms unless `timeoutMs` says otherwise. `false` when the caller guarantees
   * that nobody else migrates this database.
   */
  readonly lock?: LockSetting
  readonly logger?: { info(message: string): void; warn(message: string): void } | undefined
  /** Where empty databases for trying things out come from; default those of the storage. */
  readonly shadows?: Shadows | undefined
  /** For `check`: false for a table or enum that is to be left alone although it is declared or a revision made it. */
  readonly include?: SchemaScope['include']
  /** Milliseconds since 1970. Default the system's clock. */
  readonly now?: (() => number) | undefined
}

/** Moves a database between revisions, and says where it stands. Nothing is read before a method is called. */
export class Migrator {
  /** Of the revisions. */
  readonly graph: RevisionGraph
  readonly #options: MigratorOptions
  readonly #bookkeeping: Bookkeeping
  readonly #context: RunContext

  /** @throws TidemarkError `revision_graph_invalid` */
  constructor(options: MigratorOptions) {
    const { storage, revisions, versionTable = defaultVersionTable, historyTable = defaultHistoryTable, lock, logger, now = Date.now } = options
    this.graph = new RevisionGraph(revisions)
    this.#options = options
    this.#bookkeeping = new Bookkeeping(storage.dialect, versionTable, historyTable)
    this.#context = {
      storage,
      bookkeeping: this.#bookkeeping,
      graph: this.graph,
      byId: new Map(revisions.map((revision) => [revision.id, revision])),
      naming: options.schema?.naming ?? defaultNaming,
      lock: { name: versionTable, setting: lock },
      logger,
      now,
      requireKnown: (tx, rows) => this.#requireKnown(tx, rows),
    }
  }

  /** The rows of the version table: where the database stands. Empty for one that was never migrated. */
  async current(): Promise<readonly string[]> {
    return this.#bookkeeping.read(this.#options.storage)
  }

  /**
   * Where the database stands, whether anything is left to apply, and what is half-way. At head: one statement. Never
   * throws for a revision that is not known here.
   */
  async status(): Promise<MigrationStatus> {
    const rows = await this.current()
    const atHead = rows.every((row) => this.graph.has(row)) && this.graph.upgradePath(rows, 'heads').length === 0
    const halfWay = atHead ? undefined : await this.#halfWay(rows)
    return { current: rows.length === 0 ? null : rows.join(', '), atHead, ...(halfWay === undefined ? {} : { halfWay: halfWayOf(halfWay) }) }
  }

  /** The revision whose operations were committed one by one and not to the last of them. */
  async halfWay(): Promise<HalfWay | undefined> {
    const run = await this.#halfWay(await this.current())
    return run && halfWayOf(run)
  }

  /**
   * Applies what is missing up to the target, or to several that are all wanted. At the target already: one statement,
   * and no revision's code is run.
   *
   * @throws TidemarkError `revision_target_invalid`, `revision_failed`, `revision_half_way`, `database_unknown_revision`,
   * `migration_locked`, `aborted`, `operation_not_supported` for `transaction: 'all'` with a revision that has to run without
   */
  async upgrade(target: RevisionTarget = 'head', options: RunOptions = {}): Promise<MigrationResult> {
    const rows = await this.#knownRows()
    const ids = this.graph.upgradePath(rows, target)
    if (ids.length === 0) return { from: rows, to: rows, steps: [] }
    const halfWay = await this.#halfWay(rows)
    return this.#run('upgrade', rows, withHalfWayFirst(ids, 'upgrade', halfWay, rows, this.#context), halfWay, target, options)
  }

  /**
   * Undoes what stands above the target, or above several that all stay.
   *
   * @throws TidemarkError as `upgrade`, and `revision_irreversible` before anything is undone
   */
  async downgrade(target: RevisionTarget, options: RunOptions = {}): Promise<MigrationResult> {
    const rows = await this.#knownRows()
    const halfWay = await this.#halfWay(rows)
    const ids = withHalfWayFirst(this.graph.downgradePath(this.#rowsBefore(rows, halfWay), target), 'downgrade', halfWay, rows, this.#context)
    requireReversible(ids.map((id) => this.#revision(id)))
    return this.#run('downgrade', rows, ids, halfWay, target, options)
  }

  /**
   * What an upgrade to the target would do or, where the target is applied already, a downgrade to it. Changes nothing.
   *
   * @param direction plans only this way
   * @throws TidemarkError `revision_target_invalid`, `revision_half_way`, `database_unknown_revision`
   */
  async plan(target: RevisionTarget, direction?: Direction): Promise<MigrationPlan> {
    const rows = await this.#knownRows()
    const halfWay = await this.#halfWay(rows)
    const isDown = direction === 'downgrade' || (direction === undefined && this.#leadsDown(rows, target))
    const way = isDown ? 'downgrade' : 'upgrade'
    const path = isDown ? this.graph.downgradePath(this.#rowsBefore(rows, halfWay), target) : this.graph.upgradePath(rows, target)
    const ids = withHalfWayFirst(path, way, halfWay, rows, this.#context)
    return { from: rows, to: rowsAfterSteps(this.graph, way, ids, rows), steps: ids.map((id) => plannedStep(this.#revision(id), way)) }
  }

  /**
   * Declares that the database stands at the target, without running anything. What was half-way counts as finished.
   *
   * @param options `purge` forgets the rows that are there first, also those that no revision is known for
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`, `migration_locked`
   */
  async stamp(target: RevisionTarget, options: { readonly purge?: boolean | undefined } = {}): Promise<readonly string[]> {
    return lockedTransaction(this.#options.storage, this.#context.lock, async (tx) => {
      await this.#bookkeeping.ensure(tx)
      const rows = await this.#bookkeeping.readInside(tx)
      if (options.purge !== true) await this.#requireKnown(tx, rows)
      const after = this.graph.stamp(options.purge === true ? [] : rows, target)
      await this.#bookkeeping.write(tx, rows, after)
      await this.#bookkeeping.giveUp(tx)
      const at = this.#context.now()
      for (const revision of after.length === 0 ? ['base'] : after.filter((row) => !rows.includes(row))) {
        await this.#bookkeeping.record(tx, runRecord({ outcome: 'done', checksum: null, operations: null, statementCount: 0 }, revision, 'stamp', at, this.#context.now()))
      }
      return after
    })
  }

  /**
   * The revisions of a range (`a:b`; all when left out), newest first, with what is known of each in this database.
   *
   * @throws TidemarkError `revision_target_invalid`
   */
  async history(range?: HistoryRange): Promise<readonly HistoryEntry[]> {
    // From one state: a run beside this may change both.
    const { standing, runs } = await this.#options.storage.snapshot(async (view) => ({ standing: await this.#bookkeeping.readInside(view), runs: await this.#bookkeeping.runs(view) }))
    const rows = standing.filter((row) => this.graph.has(row))
    const missing = new Set(this.graph.upgradePath(rows, 'heads'))
    return this.graph.history(range).map((id) => ({ revision: this.#revision(id), applied: !missing.has(id), current: rows.includes(id), runs: runs.filter((run) => run.revision === id) }))
  }

  /**
   * Whether declared schema, revisions and database agree, and whether anything is left to apply. Changes nothing.
   *
   * @throws TidemarkError `shadow_missing`
   */
  async check(): Promise<CheckReport> {
    // Loaded when asked for, here and below: a program that only upgrades need not carry it.
    const { checkDatabase } = await import('./check.ts')
    return checkDatabase({ ...this.#options, graph: this.graph, bookkeeping: this.#bookkeeping, history: await this.history() })
  }

  /**
   * A range of revisions (`from:target`, or a target from base on; a downgrade needs both ends) as an SQL script that
   * leaves what a run would leave. Neither reads nor changes the database.
   *
   * @throws TidemarkError `revision_target_invalid`, `revision_irreversible`, `operation_not_supported` for a revision that
   * asks the database, `shadow_missing` on SQLite, `revision_failed` where the shadow refuses a statement
   */
  async sql(range = 'heads', { direction }: { readonly direction?: Direction | undefined } = {}): Promise<string> {
    const { storage, revisions, schema, versionTable, historyTable, shadows } = this.#options
    const { scriptFor } = await import('./offline/offline-script.ts')
    return scriptFor(storage, shadows, { graph: this.graph, revisions, range, direction, versionTable, historyTable, naming: schema?.naming })
  }

  /**
   * A verdict for each revision, run up, down and up again on shadows of every dialect there is. Neither reads nor
   * changes the database.
   *
   * @throws TidemarkError `shadow_missing`, `revision_target_invalid`, `aborted`
   */
  async verify(options: Pick<VerifyOptions, 'dialects' | 'range' | 'rowsPerTable' | 'signal' | 'onProgress'> = {}): Promise<VerifyReport> {
    const { storage, revisions, schema, shadows, include } = this.#options
    const { verifyRevisions } = await import('./verify/verify-revisions.ts')
    return verifyRevisions({ ...options, storage, revisions, schema, shadows, include })
  }

  #run(direction: Direction, from: readonly string[], ids: readonly string[], halfWay: HalfWayRun | undefined, target: RevisionTarget, options: RunOptions): Promise<MigrationResult> {
    const command = `tidemark migrate ${direction} ${[target].flat().join(' ')}`
    return runSteps(this.#context, { direction, from, revisions: ids.map((id) => this.#revision(id)), halfWay, command, options })
  }

  /** True where the target is applied already, and is not the newest anyway. */
  #leadsDown(rows: readonly string[], target: RevisionTarget): boolean {
    const targets = [target].flat()
    // `-1` is no place above, and `heads` none below.
    return targets.some((each) => each.startsWith('-')) || (!targets.includes('heads') && this.graph.upgradePath(rows, target).length === 0)
  }

  #halfWay(rows: readonly string[]): Promise<HalfWayRun | undefined> {
    return readHalfWay(this.#options.storage, this.#bookkeeping, this.graph, rows)
  }

  /** Where a downgrade begins: what is half undone is not undone yet. */
  #rowsBefore(rows: readonly string[], halfWay: HalfWayRun | undefined): readonly string[] {
    return halfWay?.direction === 'downgrade' && this.graph.has(halfWay.revision) ? this.graph.headsAfter(rows, [halfWay.revision], 'up') : rows
  }

  async #knownRows(): Promise<readonly string[]> {
    const rows = await this.current()
    await this.#requireKnown(this.#options.storage, rows)
    return rows
  }

  async #requireKnown(queryable: Storage | Transaction, rows: readonly string[]): Promise<void> {
    const unknown = rows.filter((row) => !this.graph.has(row))
    if (unknown.length === 0) return
    const maker = (await this.#bookkeeping.runs(queryable)).findLast((run) => unknown.includes(run.revision))?.toolVersion
    throw unknownRevision(unknown, maker, this.graph.heads())
  }

  #revision(id: string): Revision {
    const revision = this.#context.byId.get(id)
    if (revision === undefined) throw new RangeError(`Unknown revision ${JSON.stringify(id)}`)
    return revision
  }
}
