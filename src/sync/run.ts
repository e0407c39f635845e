/** One running sync: what all its steps share, and how a step is run, judged and recorded. */
import { abortedError, isTidemarkError, TidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import type { TestioClient } from '../testio/client.ts'
import type { ReadOptions } from '../testio/transport.ts'
import type { GroupWriter } from './group-writer.ts'
import type { Ledger } from './ledger.ts'
import type { ProgressMeter } from './progress.ts'
import type { QuarantineEntry, Unreadable } from './quarantine.ts'
import { addCounts, noCounts, type WriteCounts } from './record-writer.ts'
import { refreshGrowing } from './settle-tables.ts'
import { stampFailure, stampReading, type Reading, type StreamStates } from './stream-state.ts'
import type { ResolvedSyncOptions, SyncOutcome, SyncStep, SyncStream } from './types.ts'
import type { WriteTarget } from './write-target.ts'

/** Told by a step while it works. */
export interface StepReport {
  /** For every read of the step: cancels it with the run, and counts its requests. */
  readonly reading: ReadOptions
  /** So many units of work are still ahead. */
  ahead(units: number): void
  /** A unit of work is done, and this became of its records. */
  wrote(counts: WriteCounts): void
  /** So many rows turned out to be gone upstream. */
  removed(count: number): void
  /** Records that cannot be read make the step partial, and the stream incomplete. */
  unreadable(found: readonly Unreadable[]): void
  /** Part of the step failed; the rest goes on. The first error is kept. */
  failed(error: TidemarkError): void
}

export interface StepEnd {
  readonly step: SyncStep
  /** What went wrong beyond records that are in quarantine now. */
  readonly failure: TidemarkError | undefined
}

export interface SyncRun {
  /** Of the copy that is written: the customer's own, or in a rebuild the fresh one. */
  readonly context: QueryContext
  /** Of the customer's own copy, always. */
  readonly ownCopy: QueryContext
  readonly client: TestioClient
  readonly options: ResolvedSyncOptions
  readonly progress: ProgressMeter
  readonly steps: readonly SyncStep[]
  /** What was known of the streams when the run began. */
  readonly states: StreamStates
  /** What stood in quarantine when the run began. */
  readonly quarantine: readonly QuarantineEntry[]
  /** The caller cancelled, the lease was lost, or the run was halted: nothing new is begun. */
  stopped(): boolean
  halt(): void
  /** True when another sync has taken over. */
  readonly isLost: boolean
  /**
   * Runs `work`, records the outcome, and gives it. Errors of the API and the database end the step, not the run;
   * defects of ours reject. Without a reading the stream is left as it was, unless the step failed.
   */
  step(stream: SyncStream, productId: number | null, work: (report: StepReport) => Promise<Reading | undefined>): Promise<StepEnd>
  /** So many rows are new that engines have to be told. */
  readonly hasGrown: boolean
  /** Runs `work` in a transaction; see the group writer. */
  write<T>(work: (target: WriteTarget) => Promise<T>): Promise<T>
}

/** What reading and writing some records takes, with or without a run around it. */
export interface RunCore extends Pick<SyncRun, 'client' | 'context' | 'write'> {
  readonly options: Pick<ResolvedSyncOptions, 'dryRun'>
}

export interface SyncRunParts extends Pick<SyncRun, 'context' | 'ownCopy' | 'client' | 'options' | 'progress' | 'states' | 'quarantine'> {
  readonly writer: GroupWriter
  /** Where the steps go when they are done. */
  readonly steps: SyncStep[]
  /** Undefined for a dry run. */
  readonly ledger: Ledger | undefined
  /** Stops the run; it is aborted when the caller cancels. */
  readonly stop: AbortController
}

/** Records; below that a whole table is read as fast as an index. */
const firstRefresh = 200

export function createSyncRun(parts: SyncRunParts): SyncRun {
  const { context, ledger, options, progress, steps, stop, writer } = parts
  let isLost = false
  let newRows = 0
  let nextRefresh = firstRefresh

  async function refreshGrown(counts: WriteCounts): Promise<void> {
    newRows += options.dryRun ? 0 : counts.new
    if (newRows < nextRefresh) return
    nextRefresh = newRows * 4
    await refreshGrowing(context)
  }

  /** Nothing can be recorded any more once another sync has taken over. */
  async function record(step: SyncStep, startedAt: string, reading: Reading | undefined, failure: TidemarkError | undefined): Promise<void> {
    const { productId, stream } = step
    const stamp = async (target: WriteTarget): Promise<void> => {
      if (failure !== undefined) await stampFailure(target, productId, stream, startedAt, failure.code)
      else if (reading !== undefined) await stampReading(target, productId, stream, startedAt, reading)
    }
    const isStamped = step.outcome !== 'cancelled' && step.error?.code !== 'not_found'
    try {
      await Promise.all([ledger?.step(step, startedAt), isStamped && !options.dryRun ? writer.write(stamp) : undefined])
    } catch (error) {
      if (!isTidemarkError(error, 'sync_running')) throw error
      lose()
    }
  }

  function lose(): void {
    isLost = true
    stop.abort()
  }

  return {
    ...parts,
    stopped: () => stop.signal.aborted,
    halt: () => stop.abort(),
    get isLost() {
      return isLost
    },

    async step(stream, productId, work) {
      const startedAt = new Date(context.now()).toISOString()
      let counts = noCounts
      let requests = 0
      const unreadable: Unreadable[] = []
      let failure: TidemarkError | undefined
      let ending: 'cancelled' | 'interrupted' | undefined
      let reading: Reading | undefined
      const grown: Promise<void>[] = []
      // A signal of its own, since engines warn of one that very many reads listen to.
      const stopStep = new AbortController()
      const onStop = (): void => stopStep.abort(stop.signal.reason)
      if (stop.signal.aborted) onStop()
      stop.signal.addEventListener('abort', onStop, { once: true })
      try {
        reading = await work({
          reading: { signal: stopStep.signal, onRequest: () => { requests += 1 } },
          ahead: (units) => progress.ahead(stream, productId, units),
          wrote(written) {
            counts = addCounts(counts, written)
            progress.advance(stream, productId, written)
            grown.push(refreshGrown(written))
          },
          removed(count) {
            counts = addCounts(counts, { ...noCounts, deleted: count })
            progress.add({ ...noCounts, deleted: count })
          },
          unreadable: (found) => { unreadable.push(...found) },
          failed: (error) => { failure ??= error },
        })
        await Promise.all(grown)
        if (stop.signal.aborted) throw abortedError('The sync was cancelled', stop.signal)
      } catch (error) {
        if (!isTidemarkError(error)) throw error
        if (error.code === 'sync_running') lose()
        if (stop.signal.aborted) ending = isLost ? 'interrupted' : 'cancelled'
        failure ??= error
      } finally {
        stop.signal.removeEventListener('abort', onStop)
      }
      progress.settle(stream, productId)
      const error = failure ?? unreadableError(stream, unreadable)
      const step: SyncStep = {
        productId,
        stream,
        outcome: ending ?? outcomeOf(error, failure === undefined ? 1 : counts.new + counts.changed + counts.unchanged),
        ...counts,
        quarantined: unreadable.length,
        requests,
        error: error === undefined ? null : { code: error.code, message: error.message },
      }
      steps.push(step)
      await record(step, startedAt, reading, failure)
      return { step, failure }
    },

    get hasGrown() {
      return newRows >= firstRefresh
    },

    write: (work) => writer.write(work),
  }
}

function outcomeOf(error: TidemarkError | undefined, read: number): SyncOutcome {
  if (error === undefined) return 'success'
  return read > 0 ? 'partial' : 'failed'
}

function unreadableError(stream: SyncStream, unreadable: readonly Unreadable[]): TidemarkError | undefined {
  const [first] = unreadable
  if (first === undefined) return undefined
  return new TidemarkError(first.code, `Cannot read some ${stream.replace('_', ' ')}`, {
    why: unreadable.length === 1
      ? 'The API does not give one of them, or in a form that cannot be read; it is in quarantine.'
      : `The API does not give ${unreadable.length} of them, or in a form that cannot be read; they are in quarantine.`,
    next: unreadable.length === 1
      ? 'It is tried again by itself. If it stays, report it to TestIO support; get_quarantine or "tidemark quarantine list" names it.'
      : 'They are tried again by themselves. If they stay, report them to TestIO support; get_quarantine or "tidemark quarantine list" names them.',
  })
}
