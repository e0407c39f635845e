/**
 * Brings a database from one revision to another. Asks the graph for the steps, runs each in a transaction of its own
 * under the lock, and writes the version rows in that same transaction: a step either happened or did not.
 */
import { type Schema, defaultNaming } from '../schema/table.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import { version } from '../version.ts'
import { Bookkeeping, type RunDirection, type RunRecord } from './bookkeeping.ts'
import { type HistoryRange, RevisionGraph, type RevisionTarget } from './graph.ts'
import { lockedTransaction } from './lock.ts'
import { irreversible, overtaken, revisionFailed, unknownRevision } from './migration-errors.ts'
import type { Revision } from './revision.ts'
import { type RanOperation, type RanRevision, RevisionFailure, runRevision } from './run-revision.ts'

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
  /** How long to wait for another runner. Default 60 000. */
  readonly lockTimeoutMs?: number | undefined
  readonly logger?: { info(message: string): void; warn(message: string): void } | undefined
  /** Milliseconds since 1970. Default the system's clock. */
  readonly now?: (() => number) | undefined
}

export interface PlannedStep {
  readonly revision: string
  readonly message: string
  readonly direction: 'upgrade' | 'downgrade'
  /** On the way down: why data is lost. */
  readonly lossy?: string | undefined
  /** On the way down: why it would be refused. */
  readonly irreversible?: string | undefined
}

export interface MigrationPlan {
  /** Rows of the version table now. */
  readonly from: readonly string[]
  /** Rows of the version table afterwards. */
  readonly to: readonly string[]
  /** In the order in which they run. */
  readonly steps: readonly PlannedStep[]
}

export interface MigrationStep extends PlannedStep {
  readonly durationMs: number
  readonly checksum: string
  readonly operations: readonly RanOperation[]
}

export interface MigrationResult extends MigrationPlan {
  readonly steps: readonly MigrationStep[]
}

export interface HistoryEntry {
  readonly revision: Revision
  readonly applied: boolean
  /** The database stands at it. */
  readonly current: boolean
  /** When it was run, oldest first. */
  readonly runs: readonly RunRecord[]
}

export class Migrator {
  readonly graph: RevisionGraph
  readonly #options: MigratorOptions
  readonly #storage: Storage
  readonly #bookkeeping: Bookkeeping
  readonly #versionTable: string
  readonly #byId: ReadonlyMap<string, Revision>

  /** @throws TidemarkError `revision_graph_invalid` */
  constructor(options: MigratorOptions) {
    this.#options = options
    this.#storage = options.storage
    this.graph = new RevisionGraph(options.revisions)
    this.#byId = new Map(options.revisions.map((revision) => [revision.id, revision]))
    this.#versionTable = options.versionTable ?? 'tidemark_version'
    this.#bookkeeping = new Bookkeeping(options.storage.dialect, this.#versionTable, options.historyTable ?? 'tidemark_history')
  }

  /** The rows of the version table: where the database stands. Empty for one that was never migrated. */
  async current(): Promise<readonly string[]> {
    return this.#bookkeeping.read(this.#storage)
  }

  /** Where the database stands, and whether anything is left to apply. Never throws for a revision that is not known here. */
  async status(): Promise<{ readonly current: string | null; readonly atHead: boolean }> {
    const rows = await this.current()
    const atHead = rows.every((row) => this.#byId.has(row)) && this.graph.upgradePath(rows, 'heads').length === 0
    return { current: rows.length === 0 ? null : rows.join(', '), atHead }
  }

  /**
   * Applies what is missing up to the target. At the target already: one statement, and no revision's code is run.
   *
   * @throws TidemarkError `revision_target_invalid`, `revision_failed` (rolled back; earlier steps stay applied),
   * `database_unknown_revision`, `migration_locked`
   */
  async upgrade(target: RevisionTarget = 'head'): Promise<MigrationResult> {
    const rows = await this.#knownRows()
    return this.#run('upgrade', rows, this.graph.upgradePath(rows, target), target)
  }

  /**
   * Undoes what stands above the target.
   *
   * @throws TidemarkError as `upgrade`, and `revision_irreversible` before anything is undone
   */
  async downgrade(target: string): Promise<MigrationResult> {
    const rows = await this.#knownRows()
    const steps = this.graph.downgradePath(rows, target)
    this.#requireReversible(steps)
    return this.#run('downgrade', rows, steps, target)
  }

  /**
   * What an upgrade to the target would do or, where the target is applied already, a downgrade to it. Changes nothing.
   *
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`
   */
  async plan(target: string): Promise<MigrationPlan> {
    const rows = await this.#knownRows()
    const down = target === 'base' || target.startsWith('-') || target.endsWith('@base')
    const up = down ? [] : this.graph.upgradePath(rows, target)
    const direction = up.length > 0 || ['head', 'heads'].includes(target) ? 'upgrade' : 'downgrade'
    const ids = direction === 'upgrade' ? up : this.graph.downgradePath(rows, target)
    return { from: rows, to: this.#rowsAfter(rows, ids, direction), steps: ids.map((id) => this.#planned(id, direction)) }
  }

  /**
   * Declares that the database stands at the target, without running anything.
   *
   * @throws TidemarkError `revision_target_invalid`, `database_unknown_revision`, `migration_locked`
   */
  async stamp(target: RevisionTarget): Promise<readonly string[]> {
    return this.#locked(async (tx) => {
      await this.#bookkeeping.ensure(tx)
      const rows = await this.#bookkeeping.readInside(tx)
      await this.#requireKnown(tx, rows)
      const after = this.graph.stamp(rows, target)
      await this.#bookkeeping.write(tx, rows, after)
      const at = this.#now()
      for (const revision of after.length === 0 ? ['base'] : after.filter((row) => !rows.includes(row))) {
        await this.#bookkeeping.record(tx, this.#record(revision, 'stamp', at, { outcome: 'done', checksum: null, operations: null, statementCount: 0 }))
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
    const rows = (await this.current()).filter((row) => this.#byId.has(row))
    const runs = await this.#bookkeeping.runs(this.#storage)
    const missing = new Set(this.graph.upgradePath(rows, 'heads'))
    return this.graph.history(range).map((id) => ({ revision: this.#revision(id), applied: !missing.has(id), current: rows.includes(id), runs: runs.filter((run) => run.revision === id) }))
  }

  async #run(direction: 'upgrade' | 'downgrade', from: readonly string[], ids: readonly string[], target: RevisionTarget): Promise<MigrationResult> {
    const steps: MigrationStep[] = []
    let to = from
    for (const id of ids) {
      const ran = await this.#step(direction, id, [target].flat().join(' '))
      to = ran.rows
      if (ran.step) steps.push(ran.step)
    }
    return { from, to, steps }
  }

  /** One revision in its own transaction; no step when another runner has done it meanwhile. */
  async #step(direction: 'upgrade' | 'downgrade', id: string, target: string): Promise<{ readonly rows: readonly string[]; readonly step?: MigrationStep }> {
    const revision = this.#revision(id)
    let rows: readonly string[] = []
    let startedAt = this.#now()
    try {
      return await this.#locked(async (tx) => {
        startedAt = this.#now()
        await this.#bookkeeping.ensure(tx)
        rows = await this.#bookkeeping.readInside(tx)
        await this.#requireKnown(tx, rows)
        if (!this.#isNext(direction, id, rows)) return { rows }
        const planned = this.#planned(id, direction)
        this.#options.logger?.info(`Running ${direction} ${id}: ${revision.message}`)
        if (planned.lossy !== undefined) this.#options.logger?.warn(`Downgrade of ${id} loses data: ${planned.lossy}`)
        const ran = await runRevision(tx, revision, direction, this.#options.schema?.naming ?? defaultNaming)
        const after = this.#rowsAfter(rows, [id], direction)
        await this.#bookkeeping.write(tx, rows, after)
        const record = this.#record(id, direction, startedAt, { outcome: 'done', checksum: ran.checksum, operations: ran.described, statementCount: ran.statementCount })
        await this.#bookkeeping.record(tx, record)
        return { rows: after, step: stepOf(planned, record, ran) }
      })
    } catch (error) {
      if (!(error instanceof RevisionFailure)) throw error
      const failed = this.#record(id, direction, startedAt, { outcome: 'failed', checksum: null, operations: null, statementCount: error.statementCount })
      // The failure itself is what matters; that it cannot be noted down must not hide it.
      await this.#locked(async (tx) => {
        await this.#bookkeeping.ensure(tx)
        await this.#bookkeeping.record(tx, failed)
      }).catch(() => this.#options.logger?.warn(`The failure of ${direction} ${id} could not be noted in the history table`))
      throw revisionFailed(error, revision, direction, rows, target)
    }
  }

  /** False when it is done already. Two runners that pull in different directions cannot both be right. */
  #isNext(direction: 'upgrade' | 'downgrade', id: string, rows: readonly string[]): boolean {
    const missing = this.graph.upgradePath(rows, id)
    if (direction === 'upgrade' ? missing.length === 0 : missing.length > 0) return false
    if (direction === 'upgrade' ? missing.length === 1 : rows.includes(id)) return true
    throw overtaken(id, direction, rows)
  }

  #requireReversible(ids: readonly string[]): void {
    const stuck = ids.map((id) => this.#revision(id)).find((revision) => revision.irreversible !== undefined)
    if (stuck !== undefined) throw irreversible(stuck)
  }

  async #knownRows(): Promise<readonly string[]> {
    const rows = await this.current()
    await this.#requireKnown(this.#storage, rows)
    return rows
  }

  async #requireKnown(queryable: Storage | Transaction, rows: readonly string[]): Promise<void> {
    const unknown = rows.filter((row) => !this.#byId.has(row))
    if (unknown.length === 0) return
    const maker = (await this.#bookkeeping.runs(queryable)).findLast((run) => unknown.includes(run.revision))?.toolVersion
    throw unknownRevision(unknown, maker, this.graph.heads())
  }

  #rowsAfter(rows: readonly string[], ids: readonly string[], direction: 'upgrade' | 'downgrade'): readonly string[] {
    return this.graph.headsAfter(rows, ids, direction === 'upgrade' ? 'up' : 'down')
  }

  #planned(id: string, direction: 'upgrade' | 'downgrade'): PlannedStep {
    const { message, lossy, irreversible } = this.#revision(id)
    return direction === 'upgrade' ? { revision: id, message, direction } : { revision: id, message, direction, lossy, irreversible }
  }

  #record(revision: string, direction: RunDirection, startedAt: number, facts: Pick<RunRecord, 'outcome' | 'checksum' | 'operations' | 'statementCount'>): RunRecord {
    const finishedAt = this.#now()
    const times = { startedAt: new Date(startedAt).toISOString(), finishedAt: new Date(finishedAt).toISOString(), durationMs: Math.max(0, Math.round(finishedAt - startedAt)) }
    return { revision, direction, ...times, ...facts, toolVersion: version }
  }

  #revision(id: string): Revision {
    const revision = this.#byId.get(id)
    if (revision === undefined) throw new RangeError(`Unknown revision ${JSON.stringify(id)}`)
    return revision
  }

  #locked<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    return lockedTransaction(this.#storage, { name: this.#versionTable, timeoutMs: this.#options.lockTimeoutMs ?? 60_000 }, run)
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now()
  }
}

function stepOf(planned: PlannedStep, record: RunRecord, ran: RanRevision): MigrationStep {
  return { ...planned, durationMs: record.durationMs, checksum: ran.checksum, operations: ran.operations }
}
