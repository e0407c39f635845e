/**
 * The journal of a run without a transaction, kept in the history table: one row that says `halfway` and grows with each
 * operation, and says `done` at the end. A revision counts as applied only while it stands as a whole: its version row
 * comes with the last operation of an upgrade, and goes with the first one of a downgrade.
 */
import type { Transaction } from '../storage/storage.ts'
import { type AppliedOperation, appliedFrom } from './applied-operation.ts'
import type { Bookkeeping, HalfWayRun, RunRecord } from './bookkeeping.ts'
import type { RevisionGraph } from './graph.ts'
import { readHalfWay } from './half-way.ts'
import { overtaken } from './migration-errors.ts'
import type { Direction } from './migration-plan.ts'
import { isNextStep, rowsAfterSteps } from './next-step.ts'
import type { Revision } from './revision.ts'
import type { RanRevision } from './run-revision.ts'
import { type RecordFacts, runRecord } from './run-record.ts'
import { type Journal, RunStopped } from './run-stepwise.ts'

export interface JournalContext {
  readonly bookkeeping: Bookkeeping
  readonly graph: RevisionGraph
  readonly now: () => number
  /** @throws TidemarkError `database_unknown_revision` */
  readonly requireKnown: (tx: Transaction, rows: readonly string[]) => Promise<void>
}

/** Another runner has finished the revision. */
export class DoneElsewhere extends Error {
  readonly rows: readonly string[]

  constructor(rows: readonly string[]) {
    super('The revision was finished by another runner')
    this.rows = rows
  }
}

export class HistoryJournal implements Journal {
  readonly #context: JournalContext
  readonly #revision: Revision
  readonly #direction: Direction
  readonly #startedAt: number
  #rows: readonly string[]
  #halfWay: HalfWayRun | undefined
  /** Of runs before this one. */
  #earlierMs: number | undefined

  constructor(context: JournalContext, revision: Revision, direction: Direction, rows: readonly string[]) {
    this.#context = context
    this.#revision = revision
    this.#direction = direction
    this.#rows = rows
    this.#startedAt = context.now()
  }

  /** The rows of the version table, as last read. */
  get rows(): readonly string[] {
    return this.#rows
  }

  async read(tx: Transaction): Promise<readonly AppliedOperation[]> {
    const { bookkeeping, graph, requireKnown } = this.#context
    const { id } = this.#revision
    this.#rows = await bookkeeping.readInside(tx)
    const halfWay = (this.#halfWay = await readHalfWay(tx, bookkeeping, graph, this.#rows))
    this.#earlierMs ??= halfWay?.durationMs ?? 0
    try {
      await requireKnown(tx, this.#rows)
      if (halfWay !== undefined && (halfWay.revision !== id || halfWay.direction !== this.#direction)) throw overtaken(id, this.#direction, this.#rows)
      if (halfWay === undefined && !isNextStep(graph, this.#direction, id, this.#rows)) throw new DoneElsewhere(this.#rows)
    } catch (error) {
      throw new RunStopped(error)
    }
    return halfWay === undefined ? [] : appliedFrom(halfWay.operations)
  }

  async write(tx: Transaction, applied: readonly AppliedOperation[]): Promise<void> {
    const statementCount = applied.reduce((sum, { statements }) => sum + statements, 0)
    await this.#save(tx, { outcome: 'halfway', checksum: null, operations: applied, statementCount }, this.#direction === 'downgrade')
  }

  /** Says that all of the revision stands. */
  async finish(tx: Transaction, ran: RanRevision): Promise<{ readonly rows: readonly string[]; readonly record: RunRecord }> {
    const applied = await this.read(tx)
    if (applied.length !== ran.described.length) throw new RunStopped(overtaken(this.#revision.id, this.#direction, this.#rows))
    return this.#save(tx, { outcome: 'done', checksum: ran.checksum, operations: ran.described, statementCount: ran.statementCount }, true)
  }

  async #save(tx: Transaction, facts: RecordFacts, moved: boolean): Promise<{ readonly rows: readonly string[]; readonly record: RunRecord }> {
    const { bookkeeping, graph, now } = this.#context
    const record = runRecord(facts, this.#revision.id, this.#direction, this.#startedAt, now(), this.#earlierMs)
    if (this.#halfWay === undefined) {
      await bookkeeping.ensure(tx)
      await bookkeeping.giveUp(tx)
      await bookkeeping.record(tx, record)
    } else await bookkeeping.replace(tx, this.#halfWay, record)
    const rows = moved ? rowsAfterSteps(graph, this.#direction, [this.#revision.id], this.#rows) : this.#rows
    await bookkeeping.write(tx, this.#rows, rows)
    return { rows, record }
  }
}
