/**
 * Walks the test list of a product to its proven end. The API gives no total: the end is an empty page, or a page that
 * brings no new id, since staging ignores the page number and would repeat itself for ever. There is no limit on pages.
 */
import { apiError, malformed } from './failure.ts'
import type { WireList } from './envelope.ts'
import type { WireTest } from './wire/test.ts'

export interface TestPage extends WireList<WireTest> {
  /** From 1. */
  readonly page: number
  readonly perPage: number
}

/**
 * The pages up to the end, each with the tests that no page before it had; tests that move to a later page while the list
 * is read come once. Finishing without an error means that the end was reached.
 *
 * @throws TidemarkError `api_malformed` when a page has records but not one readable id, since then the end cannot be told
 */
export async function* walkTestPages(
  readPage: (page: number) => Promise<TestPage>, path: string,
): AsyncGenerator<TestPage, void, undefined> {
  const seen = new Set<number>()
  for (let number = 1; ; number++) {
    const page = await readPage(number)
    if (page.rawCount === 0) return
    const ids = [...page.records, ...page.malformed].flatMap(({ id }) => (id === null ? [] : [id]))
    if (ids.length === 0) throw apiError(malformed('A page of tests has no readable id.', 200), { path, attempts: 1 })
    const fresh = new Set(ids.filter((id) => !seen.has(id)))
    if (fresh.size === 0) return
    yield { ...page, records: once(page.records, seen), malformed: once(page.malformed, seen) }
  }
}

/** The items whose id was not seen, and all without an id; marks them as seen. */
function once<T extends { readonly id: number | null }>(items: readonly T[], seen: Set<number>): readonly T[] {
  return items.filter(({ id }) => {
    if (id === null) return true
    if (seen.has(id)) return false
    seen.add(id)
    return true
  })
}
