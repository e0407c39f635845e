/** One product: its features, its tests, then the bugs of every test whose bugs can still change. */
import { TidemarkError } from '../errors.ts'
import type { WireProduct } from '../testio/wire/product.ts'
import type { Account } from './account.ts'
import { readBugs } from './bug-stream.ts'
import { readFeatures } from './feature-stream.ts'
import type { SyncRun } from './run.ts'
import { stateOf } from './stream-state.ts'
import { readTests, type TestsRead } from './test-stream.ts'

export async function syncProduct(run: SyncRun, { rejectReasons }: Account, product: WireProduct): Promise<void> {
  if (needsFeatures(run, product.id)) await run.step('features', product.id, (report) => readFeatures(run, product, report))
  if (run.stopped()) return

  let tests: TestsRead | undefined
  const { step, failure } = await run.step('tests', product.id, async (report) => {
    tests = await readTests(run, product, report)
    return tests.reading
  })
  if (run.stopped()) return

  await run.step('bugs', product.id, async (report) => {
    // What kept the tests back keeps their bugs back.
    if (failure !== undefined && step.outcome === 'failed') throw failure
    if (rejectReasons === undefined) throw reasonsUnknown(product.id)
    if (failure !== undefined) report.failed(failure)
    return readBugs(run, { productId: product.id, rejectReasons }, tests ?? nothingRead, report)
  })
}

const nothingRead: TestsRead = { reading: { fresh: false, proven: false, full: false }, touched: new Map(), gone: [] }

/** Where only what is new is looked for, a catalogue that was read is left alone. */
function needsFeatures({ options, states }: SyncRun, productId: number): boolean {
  return options.mode !== 'incremental' || (stateOf(states, productId, 'features')?.last_success_at ?? null) === null
}

function reasonsUnknown(productId: number): TidemarkError {
  return new TidemarkError('api_malformed', `Cannot read the bugs of product ${productId}`, {
    why: "The account's reject reasons could not be read, so rejected bugs could not be told apart.",
    next: 'Sync again.',
  })
}
