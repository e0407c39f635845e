/**
 * Syncs by itself at an interval. What is due is read from the database, under the lease: programs that share it do not
 * read the API twice for it, and one that starts anew knows what was read before. Products that fail are left alone for
 * longer and longer; those that were read longest ago come first.
 */
import { isTidemarkError, type TidemarkError } from '../errors.ts'
import type { QueryContext } from '../repositories/context.ts'
import { sleep } from '../testio/abort.ts'
import { longestTimerMs } from '../time/longest-timer.ts'
import { instantMs, pausedUntilMs, readStreamStates, stateOf, type StreamState } from './stream-state.ts'
import { runChosenSync, type SyncEnvironment } from './sync.ts'
import type { SyncResult } from './types.ts'

export interface SchedulerOptions {
  /** How old a product may get, from 1. */
  readonly intervalSeconds: number
  /** Only these products. Default all. */
  readonly products?: readonly number[] | undefined
  /** Gives an instant for each run; tests that ended before it are left alone. */
  readonly since?: (() => string) | undefined
  /** Ends it at once. */
  readonly signal: AbortSignal
  readonly onRun?: ((result: SyncResult) => void) | undefined
  /** A run that could not begin or be recorded; it is tried again. */
  readonly onError?: ((error: TidemarkError) => void) | undefined
  /** Waits; default a timer. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** What is to be done, and when to look again. */
interface Duties {
  /** Undefined when nothing is due; otherwise the products that are, or undefined for all of them. */
  readonly due: { readonly products: readonly number[] | undefined } | undefined
  /** Milliseconds since 1970. */
  readonly nextLook: number
}

const shortestPauseMs = 1_000
/** Another program is syncing, or the database cannot be reached. */
const busyPauseMs = 30_000
const timedStreams = ['features', 'tests', 'bugs'] as const

/** Resolves when the signal is aborted; rejects for defects only. */
export async function runScheduler(environment: SyncEnvironment, options: SchedulerOptions): Promise<void> {
  const { signal, sleep: wait = sleep } = options
  const { now } = environment.context
  while (!signal.aborted) {
    const pause = await lookAndSync(environment, options)
    await wait(Math.min(longestTimerMs, Math.max(shortestPauseMs, pause - now())), signal).catch(() => undefined)
  }
}

/** Gives when to look again. */
async function lookAndSync(environment: SyncEnvironment, options: SchedulerOptions): Promise<number> {
  const { context } = environment
  try {
    const duties = await readDuties(context, options)
    if (duties.due === undefined) return duties.nextLook
    const { signal, since } = options
    const result = await runChosenSync(
      environment,
      { mode: 'hybrid', dryRun: false, retryQuarantine: false, since: since?.() ?? null, signal },
      // Somebody else may have done it since.
      async () => (await readDuties(context, options)).due,
    )
    if (result !== undefined) options.onRun?.(result)
    return (await readDuties(context, options)).nextLook
  } catch (error) {
    if (!isTidemarkError(error)) throw error
    if (error.code !== 'sync_running') options.onError?.(error)
    return context.now() + busyPauseMs
  }
}

async function readDuties(context: QueryContext, { intervalSeconds, products }: Pick<SchedulerOptions, 'intervalSeconds' | 'products'>): Promise<Duties> {
  const { db, customerId } = context
  const now = context.now()
  const intervalMs = intervalSeconds * 1000
  const states = await readStreamStates(context)
  const account = stateOf(states, null, 'products')
  // Without its products there is nothing to go on with.
  const pausedUntil = pausedUntilMs(account, now)
  if (pausedUntil > now) return { due: undefined, nextLook: pausedUntil }
  if (instantMs(account?.last_success_at) === 0) return { due: { products }, nextLook: now }

  const stored = await db.selectFrom('products').select('id').where('customer_id', '=', customerId).where('deleted_at', 'is', null).execute()
  const times = stored
    .filter(({ id }) => products?.includes(id) ?? true)
    .map(({ id }) => ({ id, at: dueAt(timedStreams.map((stream) => stateOf(states, id, stream)), intervalMs, now) }))
  const due = times.filter(({ at }) => at <= now).map(({ id }) => id)
  const accountAt = dueAt([account], intervalMs, now)
  const nextLook = Math.min(now + intervalMs, accountAt, ...times.map(({ at }) => at))
  return { due: due.length === 0 && accountAt > now ? undefined : { products: due }, nextLook }
}

/** When the oldest of the streams is to be read again; never before what its failures demand. */
function dueAt(streams: readonly (StreamState | undefined)[], intervalMs: number, now: number): number {
  const times = streams.map((state) => {
    const readAt = instantMs(state?.last_success_at)
    // Clocks of machines differ a little; what was read far in the future was read before the clock was set back.
    const isKnown = readAt !== 0 && readAt <= now + intervalMs
    return Math.max(isKnown ? readAt + intervalMs : 0, pausedUntilMs(state, now))
  })
  return Math.min(...times)
}
