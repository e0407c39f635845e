/**
 * Walks the tests of a product and writes them window by window. Where everything that is there is known up to a moment (the
 * stream is proven), the walk may stop at a window that ended before it and brings nothing new: the list is in the order
 * of the ends, and no test is made with an end that lies before its making. A list that is out of order is walked to its end.
 */
import type { TidemarkError } from '../errors.ts'
import { isFinalStatus } from '../model/test-status.ts'
import type { WalkedWindow } from '../testio/walk-tests.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import type { WireTest } from '../testio/wire/test.ts'
import type { Unreadable } from './quarantine.ts'
import { writeRecords, type Written } from './record-writer.ts'
import { testRecord, testWriter } from './rows/test-rows.ts'
import type { RunCore, StepReport, SyncRun } from './run.ts'

export interface WalkPlan {
  /** Everything that was there at this moment is stored; null: the walk goes to the end. */
  readonly provenAt: string | null
  /** Tests that ended before are left alone, and the walk ends where only such are left. */
  readonly since: string | null
  /** Tests that can still change: whoever is not met here has to be read alone. */
  readonly open: ReadonlySet<number>
  /** Tests stored. */
  readonly known: number
}

export interface Walked {
  /** `end`: all of the list was read; `proven`: up to what is proven; `since`: up to what is left alone. */
  readonly reached: 'end' | 'proven' | 'since' | 'unproven'
  /** Why it is unproven. */
  readonly reason?: TidemarkError | undefined
  /** Ids of all rows that were met, malformed ones too. */
  readonly met: ReadonlySet<number>
  /** The last of them: what stands behind it was not looked at, unless it is the end. */
  readonly last: number | null
  /** The status of each test that was new or changed. */
  readonly touched: ReadonlyMap<number, string>
  readonly unreadable: readonly Unreadable[]
}

/** Rows of a window that are new, as the client cuts them, on average. */
const rowsAWindow = 24

export async function walkAndWrite(run: SyncRun, product: WireProduct, plan: WalkPlan, report: StepReport): Promise<Walked> {
  const met = new Set<number>()
  const touched = new Map<number, string>()
  const unreadable: Unreadable[] = []
  const order = new EndOrder()
  const anchors = new Anchors()
  let last: number | null = null
  let reached: Walked['reached'] = 'unproven'

  const walk = run.client.walkTests(product.id, report.reading)
  for await (const window of walk) {
    for (const id of window.ids) if (id !== null) met.add(id)
    last = window.ids.findLast((id) => id !== null) ?? last
    order.take(window.records)
    const found = unreadableIn(window, anchors)
    unreadable.push(...found)
    const written = await writeTests(run, product, window.records.filter((test) => !endedBefore(test, plan.since)))
    for (const test of window.records) if (written.touched.has(test.id)) touched.set(test.id, test.status ?? '')
    report.wrote(written.counts)
    if (!order.holds || found.length > 0 || window.records.length === 0) continue
    if (window.records.every((test) => endedBefore(test, plan.since))) reached = 'since'
    else if (isProven(window.records, written, plan) && !isCheaperToWalkOn(plan, met)) reached = 'proven'
    if (reached !== 'unproven') break
  }
  if (walk.ending?.end === 'proven') reached = 'end'
  return { reached, reason: walk.ending?.reason, met, last, touched, unreadable }
}

export async function writeTests(run: RunCore, product: Pick<WireProduct, 'id' | 'defaultSectionId'>, tests: readonly WireTest[]): Promise<Written> {
  const { context, options } = run
  const records = tests.map((test) => testRecord(context.customerId, product, test))
  return run.write(async (target) => {
    const written = await writeRecords(target, testWriter, records, options.dryRun)
    if (!options.dryRun && written.touched.size > 0) {
      target.meet('customer', tests.flatMap((test) => [test.createdBy, test.submittedBy]))
      target.recount(product.id)
    }
    return written
  })
}

function endedBefore(test: WireTest, moment: string | null): boolean {
  return moment !== null && test.endAt !== null && test.endAt < moment
}

function isProven(tests: readonly WireTest[], { touched }: Written, { provenAt }: WalkPlan): boolean {
  return provenAt !== null && tests.every((test) => isFinalStatus(test.status ?? '') && endedBefore(test, provenAt) && !touched.has(test.id))
}

/** The tests that would have to be read alone, against the windows that are left. */
function isCheaperToWalkOn({ open, known }: WalkPlan, met: ReadonlySet<number>): boolean {
  let alone = 0
  for (const id of open) if (!met.has(id)) alone += 1
  return alone > Math.ceil(Math.max(0, known - met.size) / rowsAWindow)
}

function unreadableIn(window: WalkedWindow, anchors: Anchors): readonly Unreadable[] {
  const malformed = new Map(window.malformed.flatMap((record) => (record.id === null ? [] : [[record.id, record] as const])))
  const nameless = window.malformed.filter((record) => record.id === null)
  const places = anchors.ofNameless(window.ids)
  return [
    ...[...malformed].map(([id, { reason }]) => ({ key: `id:${id}`, entityId: id, code: 'api_malformed' as const, reason })),
    ...nameless.map(({ reason }, index) => ({ key: places[index] ?? `nameless:${window.start}:${index}`, entityId: null, code: 'api_malformed' as const, reason })),
    ...window.unreadable.map(({ after, nth, error }) => ({ key: anchorKey(after, nth), entityId: null, code: error.code, reason: error.why })),
  ]
}

function anchorKey(after: number | null, nth: number): string {
  const place = after === null ? 'first' : `after:${after}`
  return nth === 1 ? place : `${place}+${nth}`
}

/** Where rows without an id stand: behind the last one with an id, counted. */
class Anchors {
  #last: number | null = null
  #nth = 0

  ofNameless(ids: readonly (number | null)[]): readonly string[] {
    const keys: string[] = []
    for (const id of ids) {
      if (id === null) keys.push(anchorKey(this.#last, (this.#nth += 1)))
      else {
        this.#last = id
        this.#nth = 0
      }
    }
    return keys
  }
}

/** Whether the list is in the order of the ends, as far as it was read: newest first, and before them those without one. */
class EndOrder {
  holds = true
  #last: string | null = null

  take(tests: readonly WireTest[]): void {
    for (const { endAt } of tests) {
      if (this.#last !== null && (endAt === null || endAt > this.#last)) this.holds = false
      this.#last = endAt ?? this.#last
    }
  }
}
