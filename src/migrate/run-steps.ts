/**
 * Runs the steps of an upgrade or a downgrade, each revision in a transaction of its own, all in one, or operation by
 * operation; writes version rows and history in the same transactions, and says what stands when something fails. Which
 * steps there are is the migrator's to say.
 */
import { isTidemarkError } from '../errors.ts'
import type { NamingConvention } from '../schema/table.ts'
import type { Storage, Transaction } from '../storage/storage.ts'
import type { HalfWayRun } from './bookkeeping.ts'
import { type Revisions, inTheWay, readHalfWay } from './half-way.ts'
import { DoneElsewhere, HistoryJournal, type JournalContext } from './history-journal.ts'
import { type LockOptions, type LockSetting, lockedRun, lockedTransaction } from './lock.ts'
import { type FailedRun, commitFailed, notInOneTransaction, overtaken, revisionFailed, runAborted } from './migration-errors.ts'
import type { Direction, MigrationResult, MigrationStep, PlannedStep, RunOptions } from './migration-plan.ts'
import { isNextStep, rowsAfterSteps } from './next-step.ts'
import type { Revision } from './revision.ts'
import { runRecord } from './run-record.ts'
import { RevisionFailure, type Watch, runRevision } from './run-revision.ts'
import { RunStopped, runStepwise } from './run-stepwise.ts'

export interface RunContext extends Revisions, JournalContext {
  readonly storage: Storage
  readonly naming: NamingConvention
  readonly lock: { readonly name: string; readonly setting: LockSetting }
  readonly logger: { info(message: string): void; warn(message: string): void } | undefined
}

export interface Run {
  readonly direction: Direction
  /** Rows of the version table. */
  readonly from: readonly string[]
  /** In the order in which they run. */
  readonly revisions: readonly Revision[]
  /** The first of them, where it is half-way. */
  readonly halfWay: HalfWayRun | undefined
  /** To be repeated after a failure. */
  readonly command: string
  readonly options: RunOptions
}

/**
 * @throws TidemarkError `revision_failed`, `revision_half_way`, `migration_locked`, `aborted`, `operation_not_supported`
 * when not all of it can be one transaction
 */
export async function runSteps(context: RunContext, run: Run): Promise<MigrationResult> {
  if (run.revisions.length === 0) return { from: run.from, to: run.from, steps: [] }
  const runner = new StepRunner(context, run)
  return run.options.transaction === 'all' ? runner.runAll() : runner.runEach()
}

export function plannedStep(revision: Revision, direction: Direction): PlannedStep {
  const { id, message, lossy, irreversible } = revision
  return direction === 'upgrade' ? { revision: id, message, direction } : { revision: id, message, direction, lossy, irreversible }
}

/** No steps where another runner has taken them meanwhile. */
interface Outcome {
  readonly rows: readonly string[]
  readonly steps: readonly MigrationStep[]
}

class StepRunner {
  readonly #context: RunContext
  readonly #run: Run
  readonly #lock: LockOptions
  /** The rows of the version table, as last read or written. */
  #rows: readonly string[]

  constructor(context: RunContext, run: Run) {
    this.#context = context
    this.#run = run
    this.#lock = { ...context.lock, signal: run.options.signal }
    this.#rows = run.from
  }

  async runEach(): Promise<MigrationResult> {
    const { from, revisions, options } = this.#run
    const steps: MigrationStep[] = []
    for (const revision of revisions) {
      const stepwise = revision.transaction === false || options.transaction === 'none'
      const outcome = (stepwise ? undefined : await this.#inTransaction([revision])) ?? (await this.#stepwise(revision))
      this.#rows = outcome.rows
      steps.push(...outcome.steps)
    }
    return { from, to: this.#rows, steps }
  }

  async runAll(): Promise<MigrationResult> {
    const { direction, from, revisions, halfWay } = this.#run
    const alone = revisions.find((revision) => revision.transaction === false)
    if (alone !== undefined) throw notInOneTransaction(alone, direction)
    if (halfWay !== undefined) throw inTheWay(halfWay, `${direction} in one transaction`, from, this.#context)
    const { rows, steps } = (await this.#inTransaction(revisions)) ?? { rows: from, steps: [] }
    return { from, to: rows, steps }
  }

  /** All of them or none; undefined when the only one is half-way already, so that it goes on operation by operation. */
  async #inTransaction(revisions: readonly Revision[]): Promise<Outcome | undefined> {
    const { storage, bookkeeping, graph, requireKnown, now } = this.#context
    const { direction, options } = this.#run
    let startedAt = now()
    let isAtEnd = false
    try {
      return await lockedTransaction(storage, this.#lock, async (tx) => {
        await bookkeeping.ensure(tx)
        let rows = (this.#rows = await bookkeeping.readInside(tx))
        await requireKnown(tx, rows)
        const halfWay = await readHalfWay(tx, bookkeeping, graph, rows)
        if (halfWay !== undefined) {
          if (options.transaction !== 'all' && halfWay.direction === direction && revisions.every(({ id }) => id === halfWay.revision)) return undefined
          throw overtaken(halfWay.revision, direction, rows)
        }
        const steps: MigrationStep[] = []
        for (const revision of revisions) {
          if (!isNextStep(graph, direction, revision.id, rows)) continue
          startedAt = now()
          const { rows: after, step } = await this.#step(tx, revision, rows, startedAt)
          rows = after
          steps.push(step)
        }
        isAtEnd = true
        return { rows, steps }
      })
    } catch (error) {
      const last = revisions.at(-1)
      if (isAtEnd && last !== undefined && isTidemarkError(error)) {
        throw options.signal?.aborted === true ? runAborted(new RevisionFailure(last, error, { statementCount: 0 }), this.#failedRun()) : commitFailed(error, last, this.#failedRun())
      }
      throw await this.#explained(error, startedAt)
    }
  }

  async #step(tx: Transaction, revision: Revision, rows: readonly string[], startedAt: number): Promise<{ readonly rows: readonly string[]; readonly step: MigrationStep }> {
    const { bookkeeping, graph, naming, now } = this.#context
    const { direction } = this.#run
    const step = this.#begin(revision)
    const ran = await runRevision(tx, revision, direction, naming, this.#watch(revision))
    const after = rowsAfterSteps(graph, direction, [revision.id], rows)
    await bookkeeping.write(tx, rows, after)
    const record = runRecord({ outcome: 'done', checksum: ran.checksum, operations: ran.described, statementCount: ran.statementCount }, revision.id, direction, startedAt, now())
    await bookkeeping.record(tx, record)
    return { rows: after, step: { ...step, durationMs: record.durationMs, checksum: ran.checksum, operations: ran.operations } }
  }

  /** Each operation on its own. */
  async #stepwise(revision: Revision): Promise<Outcome> {
    const { storage, naming, now } = this.#context
    const { direction, options } = this.#run
    const startedAt = now()
    const journal = new HistoryJournal(this.#context, revision, direction, this.#rows)
    try {
      return await lockedRun(storage, this.#lock, async () => {
        const step = this.#begin(revision)
        const ran = await runStepwise({ storage, revision, direction, naming, journal, watch: this.#watch(revision), signal: options.signal })
        const { rows, record } = await storage
          .transaction((tx) => journal.finish(tx, ran))
          .catch((error: unknown) => {
            throw error instanceof RunStopped ? error.cause : new RevisionFailure(revision, error, { statementCount: ran.statementCount, standing: ran.described })
          })
        return { rows, steps: [{ ...step, durationMs: record.durationMs, checksum: ran.checksum, operations: ran.operations }] }
      })
    } catch (error) {
      if (error instanceof DoneElsewhere) return { rows: error.rows, steps: [] }
      this.#rows = journal.rows
      throw await this.#explained(error, startedAt)
    }
  }

  #begin(revision: Revision): PlannedStep {
    const { logger } = this.#context
    const { direction } = this.#run
    const step = plannedStep(revision, direction)
    this.#watch(revision)(undefined)
    logger?.info(`Running ${direction} ${revision.id}: ${revision.message}`)
    if (step.lossy !== undefined) logger?.warn(`Downgrade of ${revision.id} loses data: ${step.lossy}`)
    return step
  }

  #watch(revision: Revision): Watch {
    const { direction, revisions, options } = this.#run
    const { id, message } = revision
    const index = revisions.indexOf(revision) + 1
    return (operation, rows, ofRows) => options.onProgress?.({ revision: id, message, direction, index, total: revisions.length, operation, rows, ofRows })
  }

  /** The failure in words, once it is noted in the history; any other error as it is. */
  async #explained(error: unknown, startedAt: number): Promise<unknown> {
    if (!(error instanceof RevisionFailure)) return error
    if (this.#run.options.signal?.aborted === true) return runAborted(error, this.#failedRun())
    const { storage, bookkeeping, lock, logger, now } = this.#context
    const { direction } = this.#run
    const failed = runRecord({ outcome: 'failed', checksum: null, operations: null, statementCount: error.statementCount }, error.revision.id, direction, startedAt, now())
    // The failure itself is what matters; that it cannot be noted down must not hide it, nor make anybody wait for long.
    await lockedTransaction(storage, { name: lock.name, setting: lock.setting === false ? false : { timeoutMs: 5_000 } }, async (tx) => {
      await bookkeeping.ensure(tx)
      await bookkeeping.record(tx, failed)
    }).catch(() => logger?.warn(`The failure of ${direction} ${error.revision.id} could not be noted in the history table`))
    return revisionFailed(error, this.#failedRun())
  }

  #failedRun(): FailedRun {
    const { direction, command, options } = this.#run
    return { direction, rows: this.#rows, command, all: options.transaction === 'all' }
  }
}
