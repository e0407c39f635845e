/** One window of the test list of a product: as many rows as were asked for, behind as many as were asked to be skipped. */
import { readIds, readList } from './envelope.ts'
import type { MalformedRecord } from './envelope.ts'
import type { Transport } from './transport.ts'
import { TestSchema } from './wire/test.ts'
import type { WireTest } from './wire/test.ts'
import type { WindowRange } from './window-range.ts'

export interface TestWindow extends WindowRange {
  /** A test without a product gets the one that was asked for. */
  readonly records: readonly WireTest[]
  readonly malformed: readonly MalformedRecord[]
  /** Of every row as it came, in the order of the API; null where not even the id can be read. */
  readonly ids: readonly (number | null)[]
  /** Requests that it took. */
  readonly attempts: number
}

export async function readTestWindow(
  transport: Transport, productId: number, { start, size }: WindowRange, options?: Parameters<Transport['read']>[1],
): Promise<TestWindow> {
  // Both, always: without `page` the API silently sends the last 150 tests.
  const answer = await transport.read(`products/${productId}/exploratory_tests?page=${start / size + 1}&per_page=${size}`, options)
  const { records, malformed } = readList(answer, 'exploratory_tests', TestSchema)
  const ofProduct = (test: WireTest): WireTest =>
    typeof test.product?.id === 'number' ? test : { ...test, product: { id: productId, title: test.product?.title ?? null } }
  return { start, size, records: records.map(ofProduct), malformed, ids: readIds(answer, 'exploratory_tests'), attempts: answer.attempts }
}
