/** One running sync: what all its steps share, and how a step is run, judged and recorded. */
import { abortedError, isTidemarkError, TidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import { refreshStatistics } from '../storage/table-statistics.ts'
import type { TestioClient } from '../testio/client.ts'
import { createBulkWriter } from './bulk-write.ts'
import type { Ledger } from './ledger.ts'
import type { ProgressMeter } from './progress.ts'
import { addCounts, noCounts, writeTarget, type WriteCounts, type WriteTarget } from './record-writer.ts'
import type { ResolvedSyncOptions, SyncOutcome, SyncStep, SyncStream } from './types.ts'

/** Told by a step while it works. */
export interface StepReport {
  /** A unit of work is done and these rows were written. */
  wrote(counts: WriteCounts): void
  /** Records that the API gave in a form that cannot be read; they make the step partial. */
  malformed(count: number): void
  /** Part of the step failed; the rest goes on. The first error is kept. */
  failed(error: TidemarkError): void
}

export interface SyncRun {
  readonly context: QueryContext
  readonly client: TestioClient
  readonly options: ResolvedSyncOptions
  readonly progress: ProgressMeter
  readonly steps: readonly SyncStep[]
  cancelled(): boolean
  /**
   * Runs `work`, records the outcome, and gives it. Errors of the API and the database end the step, not the run;
   * defects of ours reject.
   */
  step(stream: SyncStream, productId: number | null, work: (report: StepReport) => Promise<void>, completeFrom?: string | null): Promise<SyncStep>
  /** Runs `write` in a transaction. When the rows have doubled, the engine is told afterwards. */
  write(write: (target: WriteTarget) => Promise<WriteCounts>): Promise<WriteCounts>
}

/** Tables that others refer to, or that are looked up row by row while they grow. */
const growingTables = ['tests', 'test_features', 'bugs', 'payloads'] as const
/** Records; below that a whole table is read as fast as an index. */
const firstRefresh = 200

export function createSyncRun(parts: {
  readonly context: QueryContext
  readonly client: TestioClient
  readonly options: ResolvedSyncOptions
  readonly ledger: Ledger | undefined
  readonly progress: ProgressMeter
}): SyncRun {
  const { context, ledger, options, progress } = parts
  const bulk = createBulkWriter(context.db)
  const steps: SyncStep[] = []
  let newRows = 0
  let nextRefresh = firstRefresh
  const instant = (): string => new Date(context.now()).toISOString()

  return {
    ...parts,
    steps,
    cancelled: () => options.signal?.aborted === true,

    async step(stream, productId, work, completeFrom = null) {
      const startedAt = instant()
      let counts = noCounts
      let quarantined = 0
      let error: TidemarkError | undefined
      let interrupted: 'cancelled' | 'failed' | undefined
      try {
        await work({
          wrote(written) {
            counts = addCounts(counts, written)
            progress.advance(stream, productId, written)
          },
          malformed(count) {
            quarantined += count
            if (count > 0) error ??= malformedError(stream, count)
          },
          failed(failure) {
            error ??= failure
          },
        })
        if (options.signal?.aborted === true) throw abortedError('The sync was cancelled', options.signal)
      } catch (failure) {
        if (!isTidemarkError(failure)) throw failure
        interrupted = options.signal?.aborted === true ? 'cancelled' : 'failed'
        error ??= failure
      }
      const step: SyncStep = {
        productId,
        stream,
        outcome: outcomeOf(interrupted, error, counts),
        ...counts,
        quarantined,
        error: error === undefined ? null : { code: error.code, message: error.message },
      }
      steps.push(step)
      await ledger?.step(step, { startedAt, finishedAt: instant(), completeFrom })
      return step
    },

    async write(write) {
      const counts = await context.storage.transaction((tx) => write(writeTarget(tx, bulk, context.customerId, instant())))
      newRows += options.dryRun ? 0 : counts.new
      if (newRows >= nextRefresh) {
        nextRefresh = newRows * 2
        await refreshStatistics(context.storage.dialect, context.db, growingTables)
      }
      return counts
    },
  }
}

function outcomeOf(interrupted: 'cancelled' | 'failed' | undefined, error: TidemarkError | undefined, counts: WriteCounts): SyncOutcome {
  if (interrupted === 'cancelled') return 'cancelled'
  if (error === undefined) return 'success'
  return counts.new + counts.changed + counts.unchanged > 0 ? 'partial' : 'failed'
}

function malformedError(stream: SyncStream, count: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read some ${stream}`, {
    why: `The API gave ${count} of them in a form that cannot be read.`,
    next: 'Sync again later; if it stays, report it to TestIO support.',
  })
}
