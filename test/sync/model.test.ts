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
  | { readonly step: 'change'; readonly change: Change }
  | { readonly step: 'faults'; readonly faults: DrawnFaults }
  | { readonly step: 'sync'; readonly options: SyncStepOptions }
  | { readonly step: 'wait'; readonly minutes: number }
  | { readonly step: 'restart' | 'clear quarantine' }

const index = fc.nat({ max: 999 })
const rarely = <T>(value: fc.Arbitrary<T>, freq = 4): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq })
const status = fc.constantFrom('initialized', 'waiting', 'running', 'locked', 'customer_finalized', 'archived', 'cancelled')
const hoursToEnd = fc.option(fc.integer({ min: 1, max: 100 }), { nil: null })

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('addTest' as const), product: index, status, hoursToEnd }),
  fc.record({ kind: fc.constantFrom('addBug' as const, 'removeBug' as const, 'acceptBug' as const, 'rejectBug' as const, 'decideAndArchive' as const, 'decideAndArchive' as const), bug: index }),
  fc.record({ kind: fc.constant('setTestStatus' as const), test: index, status }),
  fc.record({ kind: fc.constant('reschedule' as const), test: index, hoursToEnd }),
  fc.record({ kind: fc.constantFrom('renameTest' as const, 'removeTest' as const), test: index }),
  fc.record({ kind: fc.constant('renameProduct' as const), product: index }),
  fc.record({ kind: fc.constant('removeFeature' as const), feature: index }),
)

const kinds: readonly FaultKind[] = ['rate_limited', 'server_error', 'bad_gateway', 'unavailable', 'timeout', 'drop', 'truncated', 'not_json', 'not_object']
const places = ['', '/products', '/exploratory_tests', '/exploratory_tests?page=2', '/exploratory_tests/', '/bugs?', '/features', '/reject_reasons'] as const
const rule = fc.record({ fault: fc.constantFrom(...kinds), on: fc.constantFrom(...places), rate: fc.constantFrom(0.1, 0.3, 0.6, 1) })
const faults: fc.Arbitrary<DrawnFaults> = fc.record({
  outage: rarely(fc.constant(true), 8),
  paging: fc.constantFrom('normal' as const, 'normal' as const, 'ignored' as const, 'stuck' as const, 'repeated' as const),
  poisoned: fc.array(index, { maxLength: 3 }),
  dead: rarely(fc.record({ product: index, status: fc.constantFrom(403 as const, 404 as const, 500 as const) })),
  rules: fc.array(rule, { maxLength: 2 }),
})

const soon = fc.integer({ min: 1, max: 30 })
const sync: fc.Arbitrary<SyncStepOptions> = fc.record({
  mode: fc.constantFrom('hybrid' as const, 'hybrid' as const, 'hybrid' as const, 'incremental' as const, 'force' as const),
  dryRun: fc.constantFrom(false, false, false, false, true),
  product: rarely(index),
  sinceDays: rarely(fc.integer({ min: 1, max: 60 })),
  cancelAt: rarely(soon),
  killAtRequest: rarely(soon),
  killAtCall: rarely(fc.integer({ min: 1, max: 150 })),
  meanwhile: fc.array(fc.record({ atRequest: soon, change: fc.option(change, { nil: undefined }), faults: rarely(faults, 2) }), { maxLength: 4 }),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: change.map((drawn) => ({ step: 'change' as const, change: drawn })) },
  { weight: 2, arbitrary: faults.map((drawn) => ({ step: 'faults' as const, faults: drawn })) },
  { weight: 1, arbitrary: fc.constant({ step: 'faults' as const, faults: { poisoned: [], dead: undefined } }) },
  { weight: 6, arbitrary: sync.map((options) => ({ step: 'sync' as const, options })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5_000 }).map((minutes) => ({ step: 'wait' as const, minutes })) },
  { weight: 1, arbitrary: fc.constantFrom('restart' as const, 'clear quarantine' as const).map((name) => ({ step: name })) },
)

async function run(world: SyncWorld, steps: readonly Step[]): Promise<void> {
  for (const each of steps) {
    switch (each.step) {
      case 'change': world.change(each.change); break
      case 'wait': world.advance(each.minutes); break
      case 'restart': world.restart(); break
      case 'clear quarantine': await world.clearQuarantine(); break
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
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.array(step, { minLength: 1, maxLength: 10 }), async (account, isSynced, steps) => {
        await using storage = await engineNamed('sqljs memory').open()
        const world = await SyncWorld.open(storage, account)
        if (isSynced) await world.sync({})
        await run(world, steps)
      }),
      { numRuns: runs, endOnFailure: false, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    )
  })
})
