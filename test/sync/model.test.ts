/**
 * A model of the world around a sync: an account that changes, also while it is read, an API with every fault that the
 * simulator knows, and programs that are cancelled, killed and started again, in random schedules. After every step what the
 * copy claims is compared with the truth of the moment it claims; in the end the copy is the truth. TIDEMARK_MODEL_RUNS
 * makes it run longer; a failing schedule is printed with its seed and is as short as it gets.
 */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { FaultKind } from '../../src/simulator/faults.ts'
import { engineNamed } from '../support/engines.ts'
import { SyncWorld, type Change, type DrawnFaults, type SyncStepOptions } from '../support/sync-world.ts'

type Step =
  | { readonly step: 'change'; readonly changes: readonly Change[] }
  | { readonly step: 'faults'; readonly faults: DrawnFaults }
  | { readonly step: 'sync'; readonly options: SyncStepOptions }
  | { readonly step: 'sync while another one does'; readonly options: SyncStepOptions; readonly dies: boolean }
  | { readonly step: 'wait'; readonly minutes: number }
  | { readonly step: 'restart' | 'clear quarantine' }

const index = fc.nat({ max: 999 })
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 })
const status = fc.constantFrom('initialized', 'waiting', 'running', 'locked', 'customer_finalized', 'archived', 'cancelled')
const hoursToEnd = fc.option(fc.integer({ min: 1, max: 100 }), { nil: null })

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('addTest' as const), product: index, status, hoursToEnd }),
  fc.record({ kind: fc.constantFrom('addBug' as const, 'removeBug' as const, 'acceptBug' as const, 'rejectBug' as const), bug: index }),
  fc.record({ kind: fc.constant('decideAndArchive' as const), bug: index }),
  fc.record({ kind: fc.constant('setTestStatus' as const), test: index, status }),
  fc.record({ kind: fc.constant('reschedule' as const), test: index, hoursToEnd }),
  fc.record({ kind: fc.constantFrom('renameTest' as const, 'removeTest' as const), test: index, isOpen: fc.boolean() }),
  fc.record({ kind: fc.constant('bringBackTest' as const), test: index }),
  fc.record({ kind: fc.constant('renameProduct' as const), product: index }),
  fc.record({ kind: fc.constant('removeFeature' as const), feature: index }),
)

const kinds: readonly FaultKind[] = ['rate_limited', 'server_error', 'bad_gateway', 'unavailable', 'timeout', 'drop', 'truncated', 'not_json', 'not_object']
const places = ['', '/products', '/exploratory_tests', '/exploratory_tests?page=2', '/exploratory_tests/', '/bugs?', '/features', '/reject_reasons'] as const
const records = fc.array(index, { minLength: 1, maxLength: 3 })
const dead = fc.record({ product: index, status: fc.constantFrom(403 as const, 404 as const, 500 as const) })
const rules = fc.array(fc.record({ fault: fc.constantFrom(...kinds), on: fc.constantFrom(...places), rate: fc.constantFrom(0.1, 0.3, 0.6, 1) }), { minLength: 1, maxLength: 2 })
const paging = fc.constantFrom('ignored' as const, 'stuck' as const, 'repeated' as const)
const well: DrawnFaults = {}
const faults: fc.Arbitrary<DrawnFaults> = fc.oneof(
  fc.record({ poisoned: records }),
  fc.record({ unlisted: records, unlistedProduct: maybe(index) }),
  fc.record({ malformed: records, nameless: maybe(records) }),
  fc.record({ dead }),
  fc.record({ rules }),
  fc.record({ paging }),
  fc.constant({ outage: true }),
  fc.record({ poisoned: maybe(records), unlisted: maybe(records), malformed: maybe(records), nameless: maybe(records), dead: maybe(dead), rules: maybe(rules), paging: maybe(paging) }),
)

const soon = fc.integer({ min: 1, max: 25 })
const mode = fc.constantFrom('hybrid' as const, 'hybrid' as const, 'hybrid' as const, 'incremental' as const, 'force' as const)
const sync: fc.Arbitrary<SyncStepOptions> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ mode }) },
  { weight: 1, arbitrary: fc.record({ mode, sinceDays: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ mode, product: index }) },
  { weight: 1, arbitrary: fc.record({ mode, dryRun: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.constant({ mode: 'rebuild' as const }) },
  { weight: 3, arbitrary: fc.record({ mode, meanwhile: fc.array(fc.record({ atRequest: soon, change }), { minLength: 1, maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ mode, meanwhile: fc.array(fc.record({ atRequest: soon, faults }), { minLength: 1, maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ mode, meanwhile: fc.record({ atRequest: soon, takenOver: fc.constant(true), change: maybe(change) }).map((one) => [one]) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      mode, cancelAt: maybe(soon), killAtRequest: maybe(soon), killAtCall: maybe(fc.integer({ min: 1, max: 120 })), product: maybe(index), sinceDays: maybe(soon),
      meanwhile: fc.array(fc.record({ atRequest: soon, change: maybe(change), faults: maybe(faults) }), { maxLength: 3 }),
    }),
  },
)

/** Most is to be seen of a copy that is there; one with a start was never read to the end of a list. */
const beginning = fc.constantFrom<(SyncStepOptions | undefined)[]>(undefined, {}, {}, { sinceDays: 60 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => ({ step: 'change' as const, changes })) },
  { weight: 2, arbitrary: faults.map((drawn) => ({ step: 'faults' as const, faults: drawn })) },
  { weight: 2, arbitrary: fc.constant({ step: 'faults' as const, faults: well }) },
  { weight: 8, arbitrary: sync.map((options) => ({ step: 'sync' as const, options })) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('sync while another one does' as const), options: fc.record({ mode }), dies: fc.boolean() }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5_000 }).map((minutes) => ({ step: 'wait' as const, minutes })) },
  { weight: 1, arbitrary: fc.constantFrom('restart' as const, 'clear quarantine' as const).map((name) => ({ step: name })) },
)

async function run(world: SyncWorld, steps: readonly Step[]): Promise<void> {
  for (const each of steps) {
    switch (each.step) {
      case 'change': for (const change of each.changes) world.change(change); break
      case 'wait': world.advance(each.minutes); break
      case 'restart': world.restart(); break
      case 'clear quarantine': await world.clearQuarantine(); break
      case 'sync while another one does': await world.syncWhileOccupied(each.options, each.dies); break
      case 'sync': await world.sync(each.options); break
      case 'faults': world.setFaults(each.faults)
    }
    await world.check()
  }
  await world.checkRecovery()
}

const runs = Number(process.env['TIDEMARK_MODEL_RUNS'] ?? 8)
const seed = process.env['TIDEMARK_MODEL_SEED']

describe('whatever happens to account, API and program', () => {
  it('what the copy claims is true, what is there is never called gone, and a sync of a healthy API makes it whole', { timeout: 20_000 + runs * 10_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), beginning, fc.array(step, { minLength: 1, maxLength: 10 }), async (account, first, steps) => {
        await using storage = await engineNamed('sqljs memory').open()
        const world = await SyncWorld.open(storage, account)
        if (first !== undefined) await world.sync(first)
        await run(world, steps)
      }),
      { numRuns: runs, endOnFailure: false, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    )
  })
})
