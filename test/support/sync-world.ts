/**
 * An account that changes, an API that fails and programs that die, for the model of a sync: it is told what happens, and
 * checks after everything that what the copy claims is true. The truth is kept in versions, since a claim is about a moment.
 */
import { expect } from 'vitest'
import type { Simulator } from '../../src/simulator/simulator.ts'
import type { Faults } from '../../src/simulator/faults.ts'
import type { AccountTruth, BugTruth, FeatureTruth, TestTruth } from '../../src/simulator/truth.ts'
import { isTidemarkError } from '../../src/errors.ts'
import type { TidemarkDatabase } from '../../src/model/schema.ts'
import type { QueryContext } from '../../src/repositories/context.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { leaseMs, takeLease } from '../../src/sync/lease.ts'
import type { SyncOptions, SyncResult } from '../../src/sync/types.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { copyOfTruth, readCopy } from './account-copy.ts'
import { withMalformed, type MalformedIds } from './malformed-records.ts'
import { mortalStorage, type MortalStorage } from './mortal-storage.ts'
import { addArchivedTests, archiveOldTests, impatient, openOver, simulatedAccount, testClock } from './simulated-account.ts'

/** Whom it concerns is drawn as a whole number, so that what is chosen from may grow and shrink on the way. */
export type Change =
  | { readonly kind: 'addTest'; readonly product: number; readonly status: string; readonly hoursToEnd: number | null }
  | { readonly kind: 'addBug' | 'removeBug' | 'acceptBug' | 'rejectBug' | 'decideAndArchive'; readonly bug: number }
  | { readonly kind: 'setTestStatus'; readonly test: number; readonly status: string }
  | { readonly kind: 'reschedule'; readonly test: number; readonly hoursToEnd: number | null }
  /** Of any test, or of one that can still change. */
  | { readonly kind: 'renameTest' | 'removeTest'; readonly test: number; readonly isOpen: boolean }
  /** One that was removed. */
  | { readonly kind: 'bringBackTest'; readonly test: number }
  | { readonly kind: 'renameProduct'; readonly product: number }
  | { readonly kind: 'removeFeature'; readonly feature: number }

export interface DrawnFaults extends Pick<Faults, 'outage' | 'paging' | 'rules'> {
  readonly poisoned?: readonly number[] | undefined
  /** Of tests: no list has them. */
  readonly unlisted?: readonly number[] | undefined
  readonly unlistedProduct?: number | undefined
  /** Of tests and bugs: sent in a form that cannot be read, the latter without an id. */
  readonly malformed?: readonly number[] | undefined
  readonly nameless?: readonly number[] | undefined
  readonly dead?: { readonly product: number; readonly status: 403 | 404 | 500 } | undefined
}

export interface SyncStepOptions extends Pick<SyncOptions, 'mode' | 'dryRun'> {
  /** One product only. */
  readonly product?: number | undefined
  readonly sinceDays?: number | undefined
  /** Cancels when so many parts are done. */
  readonly cancelAt?: number | undefined
  /** Dies at this request, or at this call of the database. */
  readonly killAtRequest?: number | undefined
  readonly killAtCall?: number | undefined
  /** What happens upstream while it reads. */
  readonly meanwhile?: readonly Meanwhile[] | undefined
}

export interface Meanwhile {
  readonly atRequest: number
  readonly change?: Change | undefined
  readonly faults?: DrawnFaults | undefined
  /** The program sleeps until its lease has ended, and another one syncs. */
  readonly takenOver?: boolean | undefined
}

interface Version {
  readonly from: number
  readonly truth: Pick<AccountTruth, 'products' | 'features' | 'tests' | 'bugs'>
}

const final = ['archived', 'cancelled']
const hour = 3_600_000

export class SyncWorld {
  readonly simulator: Simulator
  readonly #storage: Storage
  readonly #clock = testClock()
  readonly #versions: Version[] = []
  /** When a final test was changed or removed: only a sync that reads everything again can notice. */
  readonly #quiet = new Map<number, number>()
  /** Whatever no list had, and until when. */
  readonly #unlisted = new Map<number, number>()
  /** Removed, and not brought back. */
  readonly #removed: number[] = []
  /** When syncs began. */
  readonly #starts: number[] = []
  #malformed: MalformedIds = { named: new Set(), nameless: new Set() }
  #process: { readonly mortal: MortalStorage; readonly tidemark: Tidemark } | undefined
  #requests = 0
  #onRequest: ((request: number) => Promise<void>) | undefined
  #made = 0

  /** With an empty database, opened once. */
  static async open(storage: Storage, seed: number): Promise<SyncWorld> {
    const world = new SyncWorld(storage, seed)
    await world.#tidemark()
    return world
  }

  private constructor(storage: Storage, seed: number) {
    this.#storage = storage
    this.simulator = simulatedAccount({ seed })
    this.#makeSmall()
    this.#remember()
  }

  /** A product of some windows, and two small ones. */
  #makeSmall(): void {
    const { simulator } = this
    const [big, ...small] = simulator.truth.products
    for (const product of small) for (const test of simulator.truth.tests.filter((one) => one.productId === product.id).slice(6)) simulator.change.removeTest(test.id)
    const bugs = new Map<number, number>()
    for (const bug of simulator.truth.bugs) {
      bugs.set(bug.testId, (bugs.get(bug.testId) ?? 0) + 1)
      if ((bugs.get(bug.testId) ?? 0) > 2) simulator.change.removeBug(bug.id)
    }
    if (big === undefined) return
    addArchivedTests(simulator, big.id, 80)
    archiveOldTests(simulator)
    // Two far down that can still change: too few to walk there.
    for (const test of simulator.truth.tests.filter((one) => /^Added (66|77)$/.test(one.title))) simulator.change.setTestStatus(test.id, 'locked')
  }

  async #tidemark(): Promise<Tidemark> {
    if (this.#process === undefined) {
      this.#process = await this.#start(async () => { await this.#onRequest?.(this.#requests += 1) })
    }
    return this.#process.tidemark
  }

  async #start(onRequest: () => Promise<void>): Promise<{ readonly mortal: MortalStorage; readonly tidemark: Tidemark }> {
    const mortal = mortalStorage(this.#storage)
    const tidemark = await openOver(this.simulator, mortal, {
      now: this.#clock.now,
      testio: impatient(this.simulator, { retries: 1, now: this.#clock.now, random: () => 0.5, fetch: (request) => this.#fetch(request, onRequest) }),
    })
    return { mortal, tidemark }
  }

  /** Time goes on with every request; one that is never answered is given up soon. */
  async #fetch(request: Request, onRequest: () => Promise<void>): Promise<Response> {
    this.#clock.advance(1)
    await onRequest()
    const patience = new AbortController()
    const timers = [setTimeout(() => { timers.push(setTimeout(() => patience.abort(new Error('No answer')), 0)) }, 0)]
    try {
      return await withMalformed(await this.simulator.fetch(new Request(request, { signal: patience.signal })), this.#malformed)
    } finally {
      for (const timer of timers) clearTimeout(timer)
    }
  }

  #remember(): void {
    const { products, features, tests, bugs } = this.simulator.truth
    this.#versions.push({ from: this.#clock.now(), truth: { products, features, tests, bugs } })
  }

  advance(minutes: number): void {
    this.#clock.advance(minutes * 60_000)
  }

  setFaults({ poisoned = [], unlisted = [], unlistedProduct, malformed = [], nameless = [], dead, ...faults }: DrawnFaults): void {
    const { products, tests, bugs } = this.simulator.truth
    const product = dead && products[dead.product % products.length]
    const drawn = (from: readonly { readonly id: number }[], at: number): readonly number[] => from.slice(at % Math.max(1, from.length)).slice(0, 1).map(({ id }) => id)
    const records = (at: number): readonly number[] => drawn(at % 2 === 0 ? tests : bugs, at)
    this.#malformed = { named: new Set(malformed.flatMap(records)), nameless: new Set(nameless.flatMap(records)) }
    const missing = [...unlisted.flatMap((at) => drawn(tests, at)), ...(unlistedProduct === undefined ? [] : drawn(products, unlistedProduct))]
    for (const [id, until] of this.#unlisted) this.#unlisted.set(id, Math.min(until, this.#clock.now()))
    for (const id of missing) this.#unlisted.set(id, Infinity)
    this.simulator.setFaults({
      ...faults,
      poisonedTests: poisoned.flatMap((at) => drawn(tests, at)),
      unlisted: missing,
      deadProducts: dead === undefined || product === undefined ? [] : [{ id: product.id, status: dead.status }],
    })
  }

  /** Whatever it is drawn from is taken round and round; nothing happens where there is nothing to change. */
  change(change: Change): void {
    const { truth, change: verbs } = this.simulator
    const open = truth.tests.filter((test) => !final.includes(test.status))
    const openBugs = truth.bugs.filter((bug) => open.some((test) => test.id === bug.testId))
    const pick = <T>(items: readonly T[], index: number): T | undefined => (items.length === 0 ? undefined : items[index % items.length])
    const endIn = (hours: number | null): string | null => (hours === null ? null : new Date(this.#clock.now() + hours * hour).toISOString())
    this.#made += 1
    switch (change.kind) {
      case 'addTest': {
        const product = pick(truth.products, change.product)
        if (product !== undefined) verbs.addTest(product.id, { title: `New ${this.#made}`, status: change.status, startAt: null, endAt: endIn(change.hoursToEnd) })
        break
      }
      case 'addBug': {
        const test = pick(open, change.bug)
        if (test !== undefined) verbs.addBug(test.id)
        break
      }
      case 'removeBug': {
        const bug = pick(openBugs, change.bug)
        if (bug !== undefined) verbs.removeBug(bug.id)
        break
      }
      case 'acceptBug':
      case 'rejectBug': {
        const bug = pick(openBugs, change.bug)
        if (bug !== undefined && change.kind === 'acceptBug') verbs.acceptBug(bug.id)
        else if (bug !== undefined) verbs.rejectBug(bug.id, 'other')
        break
      }
      case 'decideAndArchive': {
        const bug = pick(openBugs, change.bug)
        if (bug === undefined) break
        verbs.rejectBug(bug.id, 'other')
        verbs.setTestStatus(bug.testId, 'archived')
        break
      }
      case 'setTestStatus': {
        const test = pick(open, change.test)
        if (test !== undefined) verbs.setTestStatus(test.id, change.status)
        break
      }
      case 'reschedule': {
        const test = pick(open, change.test)
        if (test !== undefined) verbs.rescheduleTest(test.id, endIn(change.hoursToEnd))
        break
      }
      case 'renameTest':
      case 'removeTest': {
        const test = pick(change.isOpen ? open : truth.tests, change.test)
        if (test === undefined) break
        if (final.includes(test.status)) this.#quiet.set(test.id, this.#clock.now())
        if (change.kind === 'renameTest') verbs.renameTest(test.id, `Renamed ${this.#made}`)
        else {
          verbs.removeTest(test.id)
          this.#removed.push(test.id)
        }
        break
      }
      case 'bringBackTest': {
        const [id] = this.#removed.splice(change.test % Math.max(1, this.#removed.length), 1)
        if (id === undefined) break
        verbs.bringBackTest(id)
        // Where it was, nobody looks by himself any more.
        this.#quiet.set(id, this.#clock.now())
        break
      }
      case 'renameProduct': {
        const product = pick(truth.products, change.product)
        if (product !== undefined) verbs.renameProduct(product.id, `Product ${this.#made}`)
        break
      }
      case 'removeFeature': {
        const feature = pick(truth.features, change.feature)
        if (feature !== undefined) verbs.removeFeature(feature.id)
        break
      }
    }
    this.#remember()
  }

  /** Undefined when the program died or could not begin. */
  async sync({ product, sinceDays, cancelAt, killAtRequest, killAtCall, meanwhile = [], ...options }: SyncStepOptions): Promise<SyncResult | undefined> {
    const tidemark = await this.#tidemark()
    const process = this.#process
    if (process === undefined) throw new Error('no process')
    const first = this.#requests
    const controller = new AbortController()
    if (killAtCall !== undefined) process.mortal.killAt(process.mortal.calls + killAtCall)
    this.#starts.push(this.#clock.now())
    let takeOver: Promise<boolean> | undefined
    this.#onRequest = async (request) => {
      if (request - first === killAtRequest) process.mortal.kill()
      for (const { atRequest, change, faults, takenOver } of meanwhile) {
        if (request - first !== atRequest) continue
        if (change !== undefined) this.change(change)
        if (faults !== undefined) this.setFaults(faults)
        if (takenOver === true) await (takeOver ??= this.#otherProgram())
      }
    }
    try {
      const result = await tidemark.sync({
        ...options,
        ...(product === undefined ? {} : { products: [this.simulator.truth.products[product % this.simulator.truth.products.length]?.id ?? 1] }),
        ...(sinceDays === undefined ? {} : { since: new Date(this.#clock.now() - sinceDays * 24 * hour).toISOString() }),
        signal: controller.signal,
        onProgress: ({ done }) => (done === cancelAt ? controller.abort() : undefined),
      })
      // Ours ends before the other one where its own reads were waiting.
      if ((await takeOver) === true && options.dryRun !== true) expect(['interrupted', 'cancelled']).toContain(result.outcome)
      return result
    } catch (error) {
      if ((await takeOver) === true && isTidemarkError(error, 'sync_running')) return undefined
      if (!process.mortal.isDead) throw error
      this.restart()
      return undefined
    } finally {
      this.#onRequest = undefined
      if (killAtCall !== undefined || killAtRequest !== undefined) this.restart()
    }
  }

  /** Syncs when the lease of ours has ended; false when ours has shown a sign of life all the same. */
  async #otherProgram(): Promise<boolean> {
    this.#clock.advance(leaseMs)
    const { tidemark } = await this.#start(async () => undefined)
    try {
      await tidemark.sync()
      return true
    } catch (error) {
      if (!isTidemarkError(error, 'sync_running')) throw error
      return false
    }
  }

  /** While another program syncs, ours is refused and changes nothing; that one lets go, or dies. */
  async syncWhileOccupied(options: SyncStepOptions, dies: boolean): Promise<void> {
    const storage = this.#storage
    const context: QueryContext = { storage, db: kyselyFor<TidemarkDatabase>(storage, storage.dialect), customerId: 1, now: this.#clock.now, timeZone: 'UTC', refreshSeconds: 3_600 }
    const lease = await takeLease(context, 'another program')
    const before = await this.#everything()
    await expect(this.sync({ mode: options.mode })).rejects.toMatchObject({ code: 'sync_running' })
    expect(await this.#everything()).toEqual(before)
    if (dies) this.#clock.advance(leaseMs)
    else await lease.release()
  }

  async #everything(): Promise<unknown> {
    const tables = await Promise.all(['sync_streams', 'sync_runs', 'quarantine', 'leases'].map(async (table) => (await this.#storage.query({ sql: `select * from ${table}` })).rows))
    return [await readCopy(this.#storage, 1), ...tables]
  }

  /** Another program goes on; a killed one's lease has ended by then. */
  restart(): void {
    this.#process?.mortal.kill()
    this.#process = undefined
    this.#clock.advance(30_000)
  }

  async clearQuarantine(): Promise<void> {
    await (await this.#tidemark()).quarantine.clear()
  }

  /** What is deleted is not there, and what is claimed is true. */
  async check(): Promise<void> {
    await this.#checkDeleted()
    await this.#checkClaims()
  }

  /** What came back may stay deleted until somebody looks: it was gone at some moment of the run that found it gone. */
  async #checkDeleted(): Promise<void> {
    for (const entity of ['products', 'features', 'tests', 'bugs'] as const) {
      const { rows } = await this.#storage.query<{ readonly id: number; readonly deleted_at: string }>({ sql: `select id, deleted_at from ${entity} where deleted_at is not null` })
      const wasThere = rows.filter(({ id, deleted_at: at }) => {
        const deletedAt = Date.parse(at)
        const start = this.#starts.findLast((moment) => moment <= deletedAt) ?? 0
        return this.#versionsSince(start).every(({ from, truth }) => from > deletedAt || truth[entity].some((item) => item.id === id))
      })
      expect(wasThere, `${entity} that are deleted here and were there upstream`).toEqual([])
    }
  }

  async #checkClaims(): Promise<void> {
    const copy = await readCopy(this.#storage, 1)
    const { rows: streams } = await this.#storage.query<StreamRow>({ sql: 'select * from sync_streams where product_id > 0 and last_success_at is not null' })
    const { rows: quarantine } = await this.#storage.query<{ readonly product_id: number; readonly stream: string }>({ sql: 'select product_id, stream from quarantine' })
    for (const stream of streams) {
      const { product_id: productId, last_success_at: asOf } = stream
      if (stream.stream !== 'features' && stream.stream !== 'tests' && stream.stream !== 'bugs') continue
      const kind = stream.stream
      const keepsBack = quarantine.some((entry) => entry.product_id === productId && (entry.stream === kind || (kind === 'bugs' && entry.stream === 'tests')))
      const versions = this.#versionsSince(Date.parse(asOf))
      const isQuiet = (testId: number): boolean => {
        const changedAt = this.#quiet.get(testId)
        return changedAt !== undefined && changedAt > Date.parse(stream.full_read_at ?? '1970-01-01T00:00:00.000Z')
      }
      // What no list had may be unknown until all is read again; what is known is asked for all the same.
      const mayBeUnknown = (entity: TestTruth | BugTruth | FeatureTruth | undefined): boolean => {
        const until = this.#unlisted.get(entity !== undefined && 'testId' in entity ? entity.testId : entity?.id ?? 0)
        return until !== undefined && until >= Date.parse(stream.full_read_at ?? '1970-01-01T00:00:00.000Z')
      }
      const stored = new Map((copy[kind] as readonly StoredRow[]).filter((row) => row.productId === productId).map((row) => [row.id, row]))
      const concerns = (entity: TestTruth | BugTruth | FeatureTruth): boolean =>
        entity.productId === productId && !isQuiet('testId' in entity ? entity.testId : entity.id) && isCovered(entity, stream, versions)
      const known = versions.map((version) => new Map((version.truth[kind] as readonly (TestTruth | BugTruth | FeatureTruth)[]).filter(concerns).map((entity) => [entity.id, entity])))
      for (const id of new Set(known.flatMap((version) => [...version.keys()]))) {
        const states = known.flatMap((version) => version.get(id) ?? [])
        const row = stored.get(id)
        if (row === undefined) {
          expect(states.length < versions.length || keepsBack || mayBeUnknown(states[0]), `${kind} ${id} of product ${productId} is missing, though complete as of ${asOf}`).toBe(true)
        } else if (!keepsBack && !(kind === 'features' && states.length < versions.length)) {
          // (A feature that goes while its product is read section by section is seen in some of them.)
          const forms = states.map((entity) => formOf(kind, entity))
          if (!forms.includes(JSON.stringify(row))) expect(JSON.stringify(row), `${kind} ${id} as of ${asOf}`).toBe(forms.at(-1))
        }
      }
      for (const [id, row] of stored) {
        const isKnown = versions.some((version) => (version.truth[kind] as readonly { readonly id: number }[]).some((entity) => entity.id === id))
        if (!isKnown && !keepsBack) expect(isQuiet(row.testId ?? id) || !isCoveredRow(row, stream), `${kind} ${id} is not deleted, though complete as of ${asOf}`).toBe(true)
      }
    }
  }

  #versionsSince(moment: number): readonly Version[] {
    const first = this.#versions.findLastIndex((version) => version.from <= moment)
    return this.#versions.slice(Math.max(0, first))
  }

  /** With an API that is well again, one sync that reads everything makes the copy equal to the truth, and a second one finds nothing. */
  async checkRecovery(): Promise<void> {
    this.setFaults({})
    this.advance(10)
    this.restart()
    const result = await this.sync({ mode: 'force' })
    expect(result).toMatchObject({ outcome: 'success' })
    await this.check()
    expect(await readCopy(this.#storage, 1)).toEqual(copyOfTruth(this.simulator.truth))
    const tidemark = await this.#tidemark()
    expect(await tidemark.quarantine.list()).toEqual([])
    expect(await tidemark.sync()).toMatchObject({ outcome: 'success', new: 0, changed: 0, deleted: 0 })
    expect((await tidemark.bugs.list()).freshness).toMatchObject({ incomplete: false })
  }
}

interface StreamRow {
  readonly product_id: number
  readonly stream: string
  readonly last_success_at: string
  readonly complete_from: string | null
  readonly full_read_at: string | null
}

interface StoredRow {
  readonly id: number
  readonly productId: number
  readonly testId?: number
  readonly endAt?: string | null
}

/** With a start only tests that ended after it are claimed, and their bugs. */
function isCovered(entity: TestTruth | BugTruth | FeatureTruth, { complete_from: from }: StreamRow, versions: readonly Version[]): boolean {
  if (from === null) return true
  const testId = 'testId' in entity ? entity.testId : entity.id
  return versions.every(({ truth }) => {
    const test = truth.tests.find(({ id }) => id === testId)
    return test === undefined || test.endAt === null || test.endAt >= from
  })
}

function isCoveredRow(_row: StoredRow, { complete_from: from }: StreamRow): boolean {
  return from === null
}

const forms = new WeakMap<object, string>()

/** An entity of the truth as the copy should have it. */
function formOf(kind: 'features' | 'tests' | 'bugs', entity: object): string {
  const known = forms.get(entity)
  if (known !== undefined) return known
  const nothing = { customerName: '', now: '', products: [], sections: [], features: [], environments: [], tests: [], bugs: [], rejectReasons: [], users: [], secrets: [] }
  const form = JSON.stringify(copyOfTruth({ ...nothing, [kind]: [entity] })[kind][0])
  forms.set(entity, form)
  return form
}
