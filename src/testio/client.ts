/**
 * The client of the TestIO customer API: typed reads, and reads only. Answers come without credentials, instants in UTC,
 * ids as numbers. It stores nothing, logs nothing and derives nothing.
 */
import type { BreakerStatus } from './breaker.ts'
import { readFeatures } from './catalogue-features.ts'
import type { CatalogueFeature } from './catalogue-features.ts'
import { readList, readOne, readRecordCount } from './envelope.ts'
import type { WireList } from './envelope.ts'
import { toSettings } from './settings.ts'
import type { TestioClientOptions } from './settings.ts'
import { readTestWindow } from './test-window.ts'
import type { TestWindow } from './test-window.ts'
import { createTransport } from './transport.ts'
import type { ReadOptions } from './transport.ts'
import { walkTests } from './walk-tests.ts'
import type { TestWalk, WalkOptions } from './walk-tests.ts'
import { BugSchema } from './wire/bug.ts'
import type { WireBug } from './wire/bug.ts'
import { ProductSchema } from './wire/product.ts'
import type { WireProduct } from './wire/product.ts'
import { RejectReasonSchema } from './wire/reject-reason.ts'
import type { WireRejectReason } from './wire/reject-reason.ts'
import { TestSchema } from './wire/test.ts'
import type { WireTest } from './wire/test.ts'

export interface BugList extends WireList<WireBug> {
  /** False when the API says that there are more bugs than it sent. */
  readonly complete: boolean
}

/**
 * Every read may throw TidemarkError `api_unauthorized`, `api_forbidden`, `api_not_found`, `api_rejected`,
 * `api_rate_limited`, `api_server_error`, `api_unreachable`, `api_timeout`, `api_unavailable`, `api_malformed` (details:
 * `status`, `path`, `attempts`) or `aborted`; and RangeError for an id that is not a positive whole number.
 */
export interface TestioClient {
  products(options?: ReadOptions): Promise<WireList<WireProduct>>
  product(id: number, options?: ReadOptions): Promise<WireProduct>
  rejectReasons(options?: ReadOptions): Promise<WireList<WireRejectReason>>
  /**
   * The catalogue of a product with its user stories. `sectionIds` (see `sectionIdsToWalk`) are read one by one when the
   * API refuses the product as a whole; `rawCount` then counts a feature once per section.
   */
  features(
    productId: number, options?: ReadOptions & { readonly sectionIds?: readonly number[] | undefined },
  ): Promise<WireList<CatalogueFeature>>
  /**
   * The rows of the test list of a product from index `start` on, at most `size`, newest end first; `start` is a multiple of
   * `size`. Empty behind the end.
   */
  testWindow(productId: number, start: number, size: number, options?: ReadOptions): Promise<TestWindow>
  /**
   * The whole list in windows. It throws nothing of the errors above but `aborted`: whatever else goes wrong ends the walk
   * as unproven, with the error as its reason, after the windows that could be read.
   */
  walkTests(productId: number, options?: WalkOptions & Pick<ReadOptions, 'signal' | 'onRequest'>): TestWalk
  test(id: number, options?: ReadOptions): Promise<WireTest>
  /** All bugs of up to `MAX_TESTS_PER_BUG_READ` tests, in one request; none for no tests. */
  bugsOfTests(testIds: readonly number[], options?: ReadOptions): Promise<BugList>
  bug(id: number, options?: ReadOptions): Promise<WireBug>
  /** One small request without retries: what it throws is what is wrong with the connection. */
  probe(options?: { readonly signal?: AbortSignal | undefined }): Promise<{ readonly latencyMs: number }>
  /** Requests sent since the client was made, every attempt counted. */
  readonly requestCount: number
  /** Whether reads go out at all; see the module of the breaker. */
  readonly breaker: BreakerStatus
}

/** Longer lists of ids make URLs that servers refuse. */
export const MAX_TESTS_PER_BUG_READ = 15

/**
 * A client for one customer account.
 *
 * @throws TidemarkError `configuration_invalid` naming every mistake in the options
 *
 * @example
 * const client = createTestioClient({ token })
 * const walk = client.walkTests(40112, { signal })
 * for await (const window of walk) console.log(window.records.length)
 * console.log(walk.ending?.end)
 */
export function createTestioClient(options: TestioClientOptions): TestioClient {
  const settings = toSettings(options)
  const transport = createTransport(settings)

  return {
    async products(read) {
      return readList(await transport.read('products', read), 'products', ProductSchema)
    },
    async product(id, read) {
      return readOne(await transport.read(`products/${checked(id)}`, read), 'product', ProductSchema, id)
    },
    async rejectReasons(read) {
      return readList(await transport.read('bugs/reject_reasons', read), 'reject_reasons', RejectReasonSchema)
    },
    async features(productId, { sectionIds = [], ...read } = {}) {
      return readFeatures(transport, checked(productId), sectionIds.map(checked), read)
    },
    async testWindow(productId, start, size, read) {
      if (!Number.isSafeInteger(start) || start < 0 || start % checked(size) !== 0) {
        throw new RangeError('A window begins at a multiple of its size')
      }
      return readTestWindow(transport, checked(productId), { start, size }, read)
    },
    walkTests(productId, { signal, onRequest, ...walk } = {}) {
      const path = `/products/${checked(productId)}/exploratory_tests`
      return walkTests((range, { final }) => readTestWindow(transport, productId, range, { signal, onRequest, final }), path, walk)
    },
    async test(id, read) {
      return readOne(await transport.read(`exploratory_tests/${checked(id)}`, read), 'exploratory_test', TestSchema, id)
    },
    async bugsOfTests(testIds, read) {
      if (testIds.length > MAX_TESTS_PER_BUG_READ) throw new RangeError(`At most ${MAX_TESTS_PER_BUG_READ} tests at once`)
      // Without a filter the API would send every bug of the account.
      if (testIds.length === 0) return { records: [], malformed: [], rawCount: 0, complete: true }
      const answer = await transport.read(`bugs?filter_test_cycle_ids=${testIds.map(checked).join(',')}`, read)
      const list = readList(answer, 'bugs', BugSchema)
      return { ...list, complete: (readRecordCount(answer) ?? 0) <= list.rawCount }
    },
    async bug(id, read) {
      return readOne(await transport.read(`bugs/${checked(id)}`, read), 'bug', BugSchema, id)
    },
    async probe({ signal } = {}) {
      const started = settings.now()
      await transport.read('bugs/reject_reasons', { signal, retries: 0 })
      return { latencyMs: settings.now() - started }
    },
    get requestCount() {
      return transport.requestCount
    },
    get breaker() {
      return transport.breaker
    },
  }
}

function checked(number: number): number {
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError('Ids and sizes are whole numbers from 1')
  return number
}
