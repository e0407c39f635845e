/**
 * The client of the TestIO customer API: typed reads, and reads only. Answers come without credentials, instants in UTC,
 * ids as numbers. It stores nothing, logs nothing and derives nothing.
 */
import { readFeatures } from './catalogue-features.ts'
import type { CatalogueFeature } from './catalogue-features.ts'
import { readList, readOne, readRecordCount } from './envelope.ts'
import type { WireList } from './envelope.ts'
import { toSettings } from './settings.ts'
import type { TestioClientOptions } from './settings.ts'
import { walkTestPages } from './test-pages.ts'
import type { TestPage } from './test-pages.ts'
import { createTransport } from './transport.ts'
import type { ReadOptions } from './transport.ts'
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
 * `api_rate_limited`, `api_server_error`, `api_unreachable`, `api_timeout`, `api_malformed` (details: `status`, `path`,
 * `attempts`) or `aborted`; and RangeError for an id that is not a positive whole number.
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
  /** One page of the tests of a product, `page` from 1. Empty behind the end. A test without a product gets the one asked for. */
  testPage(productId: number, page: number, perPage: number, options?: ReadOptions): Promise<TestPage>
  /** All pages, `perPage` 25 by default, each test once; it ends only where the list is proven to end. */
  tests(productId: number, options?: ReadOptions & { readonly perPage?: number | undefined }): AsyncGenerator<TestPage, void, undefined>
  test(id: number, options?: ReadOptions): Promise<WireTest>
  /** All bugs of up to `MAX_TESTS_PER_BUG_READ` tests, in one request; none for no tests. */
  bugsOfTests(testIds: readonly number[], options?: ReadOptions): Promise<BugList>
  bug(id: number, options?: ReadOptions): Promise<WireBug>
  /** One small request without retries: what it throws is what is wrong with the connection. */
  probe(options?: { readonly signal?: AbortSignal | undefined }): Promise<{ readonly latencyMs: number }>
  /** Requests sent since the client was made, every attempt counted. */
  readonly requestCount: number
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
 * for await (const page of client.tests(40112, { signal })) console.log(page.records.length)
 */
export function createTestioClient(options: TestioClientOptions): TestioClient {
  const settings = toSettings(options)
  const transport = createTransport(settings)

  const testPage: TestioClient['testPage'] = async (productId, page, perPage, read) => {
    // Both, always: without `page` the API silently sends the last 150 tests.
    const query = `page=${checked(page)}&per_page=${checked(perPage)}`
    const answer = await transport.read(`products/${checked(productId)}/exploratory_tests?${query}`, read)
    const { records, ...rest } = readList(answer, 'exploratory_tests', TestSchema)
    const ofProduct = (test: WireTest): WireTest =>
      typeof test.product?.id === 'number' ? test : { ...test, product: { id: productId, title: test.product?.title ?? null } }
    return { ...rest, records: records.map(ofProduct), page, perPage }
  }

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
    testPage,
    tests(productId, { perPage = 25, ...read } = {}) {
      return walkTestPages((page) => testPage(productId, page, perPage, read), `/products/${checked(productId)}/exploratory_tests`)
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
  }
}

function checked(number: number): number {
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError('Ids, pages and page sizes are whole numbers from 1')
  return number
}
