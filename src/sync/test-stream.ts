/**
 * The tests of a product: what is new is found by a walk; what can still change and was not met in it is read alone; and
 * what a complete walk did not meet is asked for singly before it is called gone.
 */
import { TidemarkError } from '../errors.ts'
import { finalStatuses } from '../model/test-status.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import type { WireTest } from '../testio/wire/test.ts'
import { isReadable, readSingly, type SingleReads } from './gone.ts'
import { updateQuarantine, type QuarantineEntry, type Unreadable } from './quarantine.ts'
import type { StepReport, SyncRun } from './run.ts'
import { stateOf, type Reading } from './stream-state.ts'
import { walkAndWrite, writeTests, type Walked, type WalkPlan } from './test-walk.ts'
import { buryTests } from './tombstones.ts'
import { readsEverything } from './types.ts'

export interface TestsRead {
  readonly reading: Reading
  /** The status of each test that was new or changed. */
  readonly touched: ReadonlyMap<number, string>
  /** Tests that turned out to be gone. */
  readonly gone: readonly number[]
}

const fullReadEveryMs = 7 * 24 * 3_600_000
/** More than so many single reads a run say that something is wrong with the list. */
const mostSuspects = 100

export async function readTests(run: SyncRun, product: WireProduct, report: StepReport): Promise<TestsRead> {
  const { options } = run
  const inQuarantine = run.quarantine.filter((entry) => entry.productId === product.id && entry.stream === 'tests')
  const plan = await planWalk(run, product.id, inQuarantine)
  const walked = await walkAndWrite(run, product, plan, report)
  if (walked.reason !== undefined) report.failed(walked.reason)

  const suspects = await testsToReadAlone(run, product.id, plan, walked, inQuarantine)
  const touched = new Map(walked.touched)
  const single = await readAlone(run, product, suspects, touched, report)
  const found = merged(walked.unreadable, single)
  report.unreadable(found)
  if (!options.dryRun) {
    const isSettled = settledBy(walked, single)
    await run.write((target) => updateQuarantine(target, product.id, 'tests', found, isSettled))
  }
  return { reading: readingOf(run, product.id, plan, walked), touched, gone: single.gone }
}

async function planWalk(run: SyncRun, productId: number, inQuarantine: readonly QuarantineEntry[]): Promise<WalkPlan> {
  const { context, options, states } = run
  const known = await context.db
    .selectFrom('tests')
    .select(['id', 'status', 'end_at'])
    .where('customer_id', '=', context.customerId)
    .where('product_id', '=', productId)
    .where('deleted_at', 'is', null)
    .execute()
  const open = known.filter((test) => !finalStatuses.includes(test.status) && (options.since === null || test.end_at === null || test.end_at >= options.since))
  // A row that is known by its place alone is looked for by a walk to the end.
  const isPlaceDue = inQuarantine.some((entry) => entry.entityId === null && isDue(run, entry))
  const state = stateOf(states, productId, 'tests')
  const mayStop = !readsEverything(options.mode) && !isPlaceDue && !isLongAgo(run, state?.full_read_at ?? null)
  return {
    // A moment to come was written before the clock was set back.
    provenAt: mayStop && Date.parse(state?.proven_at ?? '') <= context.now() ? state?.proven_at ?? null : null,
    since: options.since,
    open: new Set(open.map((test) => test.id)),
    known: known.length,
  }
}

/** What lies behind the place where walks stop is looked at all the same now and then: what was added there, changed, or is gone. */
function isLongAgo({ context, options }: SyncRun, fullReadAt: string | null): boolean {
  if (options.mode === 'incremental' || options.since !== null) return false
  const age = context.now() - Date.parse(fullReadAt ?? '')
  return !(age >= 0 && age < fullReadEveryMs)
}

function isDue({ context, options }: SyncRun, entry: QuarantineEntry): boolean {
  return options.retryQuarantine || Date.parse(entry.nextRetryAt) <= context.now()
}

/**
 * Behind a complete walk: what is stored and was not met. Behind one that stopped: what can still change. And always the
 * broken records that are known by their ids.
 */
async function testsToReadAlone(
  run: SyncRun, productId: number, { open }: WalkPlan, { reached, met }: Walked, inQuarantine: readonly QuarantineEntry[],
): Promise<readonly number[]> {
  const { context, options } = run
  if (reached === 'unproven') return []
  const broken = inQuarantine
    .filter((entry) => reached === 'end' || isDue(run, entry))
    .flatMap(({ entityId }) => (entityId === null || met.has(entityId) ? [] : [entityId]))
  if (options.mode === 'incremental') return broken
  if (reached !== 'end') return [...new Set([...broken, ...[...open].filter((id) => !met.has(id))])]
  const stored = await context.db
    .selectFrom('tests')
    .select('id')
    .where('customer_id', '=', context.customerId)
    .where('product_id', '=', productId)
    .where('deleted_at', 'is', null)
    .execute()
  return [...new Set([...broken, ...stored.map((test) => test.id).filter((id) => !met.has(id))])]
}

async function readAlone(
  run: SyncRun, product: WireProduct, ids: readonly number[], touched: Map<number, string>, report: StepReport,
): Promise<SingleReads<WireTest>> {
  const asked = ids.slice(0, mostSuspects)
  if (asked.length < ids.length) report.failed(tooManyMissing(product.id, ids.length))
  report.ahead(asked.length)
  const single = await readSingly(asked, async (id) => {
    const test = await run.client.test(id, report.reading)
    // One that is of another product now is written there.
    const isHere = (test.product?.id ?? product.id) === product.id
    const written = await writeTests(run, product, isHere ? [test] : [])
    if (written.touched.has(id)) touched.set(id, test.status ?? '')
    report.wrote(written.counts)
    return test
  })
  if (single.gone.length > 0 && (await isReadable(run, product.id, report))) {
    const deleted = run.options.dryRun ? single.gone.length : await run.write(async (target) => {
      target.recount(product.id)
      return buryTests(target, single.gone)
    })
    report.removed(deleted)
  }
  return single
}

/** A stored test that cannot be given stands at one of the places that could not be read: it is told once, by its id. */
function merged(places: readonly Unreadable[], single: SingleReads<WireTest>): readonly Unreadable[] {
  const named = single.unreadable.map(({ id, error }) => ({ key: `id:${id}`, entityId: id, code: error.code, reason: error.why }))
  const known = places.filter((place) => place.entityId !== null)
  const nameless = places.filter((place) => place.entityId === null)
  return [...known, ...named, ...nameless.slice(named.length)]
}

function settledBy({ reached, met, last }: Walked, { found, gone }: SingleReads<WireTest>): (entry: QuarantineEntry) => boolean {
  if (reached === 'end') return () => true
  const alone = new Set([...found.map(({ id }) => id), ...gone])
  return ({ key, entityId }) => {
    if (entityId !== null) return met.has(entityId) || alone.has(entityId)
    const after = Number(/^after:(\d+)/.exec(key)?.[1])
    return key.startsWith('first') || (met.has(after) && after !== last)
  }
}

function readingOf({ options, states }: SyncRun, productId: number, { open }: WalkPlan, { reached, met }: Walked): Reading {
  const { since, mode } = options
  const isMet = [...open].every((id) => met.has(id))
  const provenBefore = stateOf(states, productId, 'tests')?.proven_at ?? null
  // New tests end after what is proven; with a later start some of them are left alone.
  const leavesNothing = since === null || (provenBefore !== null && since <= provenBefore)
  return {
    fresh: mode !== 'incremental' || isMet,
    completeFrom: since,
    proven: leavesNothing && reached !== 'unproven',
    full: reached === 'end' && since === null && mode !== 'incremental',
  }
}

function tooManyMissing(productId: number, count: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot account for all tests of product ${productId}`, {
    why: `The list does not have ${count} tests that are stored; ${mostSuspects} of them were asked for one by one, ${count - mostSuspects} are left.`,
    next: 'Sync again to go on with the others. What could not be accounted for stays as it is.',
  })
}
