/**
 * Runs one revision without a transaction around it: every operation commits on its own, together with the note that it
 * stands, so a run that was killed is continued exactly where it ended. What PostgreSQL refuses inside a transaction runs
 * outside, and is noted right after. What stands is read again each time, since on SQLite another process may come between.
 */
import { isTidemarkError } from '../errors.ts'
import type { NamingConvention } from '../schema/table.ts'
import { runOutside } from '../storage/postgres/ddl-outside.ts'
import { foreignKeyViolations, requireNoNewViolations } from '../storage/sqlite/ddl-foreign-keys.ts'
import type { JsonObject, Statement, Storage, Transaction } from '../storage/storage.ts'
import { type AppliedOperation, isSameOperation } from './applied-operation.ts'
import { applyOperation, gradeOf } from './apply-operation.ts'
import { describeOperation } from './checksum.ts'
import { editedHalfWay, overtaken } from './migration-errors.ts'
import { createOp } from './op.ts'
import { type Operation, isConcurrent, summarizeOperation } from './operation.ts'
import type { Revision } from './revision.ts'
import { type RanRevision, RevisionFailure, type Watch, mayBreakForeignKeys, ranRevision } from './run-revision.ts'
import { type BatchOutcome, updateNextBatch } from './update-in-batches.ts'

/** Where it is noted which operations of the revision stand. */
export interface Journal {
  /** @throws RunStopped when this run has nothing more to do here */
  read(tx: Transaction): Promise<readonly AppliedOperation[]>
  write(tx: Transaction, applied: readonly AppliedOperation[]): Promise<void>
}

/** Ends a run from inside, through the code of the revision; `cause` is what the caller of the run gets. */
export class RunStopped extends Error {
  constructor(cause: unknown) {
    super('The run was stopped', { cause })
  }
}

export interface StepwiseRun {
  readonly storage: Storage
  readonly revision: Revision
  readonly direction: 'upgrade' | 'downgrade'
  readonly naming: NamingConvention
  readonly journal: Journal
  readonly watch?: Watch | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * @throws RevisionFailure, TidemarkError `revision_half_way` when the revision no longer makes what stands, and the cause
 * of a `RunStopped`
 */
export async function runStepwise(run: StepwiseRun): Promise<RanRevision> {
  const { storage, revision, direction, naming, watch = () => undefined } = run
  let current: { operation?: string; statement?: string | undefined } = {}
  let applied: readonly AppliedOperation[] = []
  let stopped: RunStopped | undefined
  let statementCount = 0
  let position = 0
  const report = ({ sql }: Statement): void => {
    current = { ...current, statement: sql }
    statementCount += 1
  }
  const session = createOp({
    dialect: storage.dialect,
    offline: false,
    naming,
    async apply(operation) {
      current = { operation: summarizeOperation(operation) }
      watch(summarizeOperation(operation))
      const step = { operation, position, description: await describeOperation(operation) }
      position += 1
      try {
        while (!isSettled(run, step, applied)) {
          let rows: BatchOutcome | undefined
          applied = await advance(run, step, report, (outcome) => {
            rows = outcome
          })
          if (rows !== undefined) watch(summarizeOperation(operation), rows.rows, rows.ofRows)
        }
      } catch (error) {
        if (error instanceof RunStopped) stopped = error
        throw error
      }
    },
    query: (statement) => {
      current = { operation: 'query', statement: statement.sql }
      return storage.query(statement)
    },
  })
  try {
    applied = await inTransaction(run, (tx) => run.journal.read(tx))
    await revision[direction]?.(session.op)
    await session.finish()
    const beyond = applied[position]
    if (beyond !== undefined) throw new RunStopped(editedHalfWay(revision, direction, applied, { position, before: beyond, now: undefined }))
  } catch (error) {
    // What its code had asked for and not awaited would go on, and commit, while the failure is told.
    await session.stop()
    if (stopped !== undefined) throw stopped.cause
    if (error instanceof RunStopped) throw error.cause
    throw new RevisionFailure(revision, error, { ...current, statementCount, standing: applied })
  }
  return ranRevision(applied)
}

interface Step {
  readonly operation: Operation
  /** Among the operations of the revision, from 0. */
  readonly position: number
  readonly description: JsonObject
}

/** True when the operation stands as a whole. */
function isSettled({ revision, direction }: StepwiseRun, { operation, position, description }: Step, applied: readonly AppliedOperation[]): boolean {
  const standing = applied[position]
  if (standing === undefined) {
    if (applied.length < position) throw new RunStopped(overtaken(revision.id, direction))
    return false
  }
  if (!isSameOperation(standing.operation, description)) {
    throw new RunStopped(editedHalfWay(revision, direction, applied, { position, before: standing, now: summarizeOperation(operation) }))
  }
  return standing.reached === undefined
}

type Report = (statement: Statement) => void

/** Carries the operation out, or its next range, unless another process has done it meanwhile. Gives what stands then. */
async function advance(run: StepwiseRun, step: Step, report: Report, batch: (outcome: BatchOutcome) => void): Promise<readonly AppliedOperation[]> {
  const { storage, journal } = run
  if (storage.dialect === 'postgres' && isConcurrent(step.operation)) return advanceOutside(run, step, report)
  try {
    return await inTransaction(run, async (tx) => {
      const applied = await journal.read(tx)
      if (isSettled(run, step, applied)) return applied
      const now = [...applied.slice(0, step.position), { ...(await carryOut(tx, step.operation, applied[step.position], report, batch)), operation: step.description }]
      await journal.write(tx, now)
      return now
    }, step.operation)
  } catch (error) {
    if (isTidemarkError(error) && error.details['sqlState'] === refusedInTransaction) return advanceOutside(run, step, report)
    throw error
  }
}

/** `active_sql_transaction` */
const refusedInTransaction = '25001'

async function advanceOutside(run: StepwiseRun, step: Step, report: Report): Promise<readonly AppliedOperation[]> {
  const { storage, journal } = run
  const before = await inTransaction(run, (tx) => journal.read(tx))
  if (isSettled(run, step, before)) return before
  let statements = 0
  await runOutside(storage, step.operation, (statement) => {
    statements += 1
    report(statement)
  })
  // Without the signal: what was done is noted in any case.
  return storage.transaction(async (tx) => {
    const applied = await journal.read(tx)
    if (isSettled(run, step, applied)) return applied
    const now = [...applied, { grade: gradeOf(step.operation), statements, operation: step.description }]
    await journal.write(tx, now)
    return now
  })
}

async function carryOut(tx: Transaction, operation: Operation, before: AppliedOperation | undefined, report: Report, batch: (outcome: BatchOutcome) => void): Promise<Omit<AppliedOperation, 'operation'>> {
  let statements = before?.statements ?? 0
  const count: Report = (statement) => {
    statements += 1
    report(statement)
  }
  if (operation.kind === 'updateInBatches') {
    const outcome = await updateNextBatch(tx, operation, before?.reached, count)
    batch(outcome)
    const { reached } = outcome
    return { grade: 'data', statements, ...(reached === undefined ? {} : { reached }) }
  }
  const watched = tx.dialect === 'sqlite' && mayBreakForeignKeys(operation)
  const violations = watched ? await foreignKeyViolations(tx) : undefined
  const grade = await applyOperation(tx, operation, count)
  if (watched) await requireNoNewViolations(tx, violations)
  return { grade, statements }
}

/** With foreign keys suspended for what may rebuild a table; an update in ranges needs no rebuild, and counting all violations for each range would take for ever. */
function inTransaction<T>({ storage, signal }: StepwiseRun, run: (tx: Transaction) => Promise<T>, operation?: Operation): Promise<T> {
  return storage.transaction(run, { signal, foreignKeys: operation?.kind === 'updateInBatches' ? 'enforced' : 'suspended' })
}
