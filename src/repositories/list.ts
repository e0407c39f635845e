/** What every list takes and answers. */
import type { Freshness } from './freshness.ts'

/** What every list takes: a page and an order. */
export interface ListOptions<SortKey extends string> {
  /** Items a page, 1–100. Default 20. */
  readonly limit?: number | undefined
  /** Items to skip. Default 0. Not together with `cursor`. */
  readonly offset?: number | undefined
  /** `nextCursor` of the answer before; goes on behind its last item, also when rows came in between. */
  readonly cursor?: string | undefined
  readonly sortBy?: SortKey | undefined
  readonly sortOrder?: 'asc' | 'desc' | undefined
  /** Also what is gone upstream, with `deletedAt` on the items. Counts beside an item leave it out all the same. Default false. */
  readonly includeDeleted?: boolean | undefined
}

/** One page of a list, with what it is a page of. */
export interface ListResult<Item> {
  readonly items: readonly Item[]
  /** Items that match the filters, over all pages. */
  readonly total: number
  readonly returned: number
  readonly offset: number
  /** Exact: true when there is an item behind the last one. */
  readonly hasMore: boolean
  readonly nextCursor: string | null
  /** The filters in force, defaults and resolved time ranges included. */
  readonly filters: Readonly<Record<string, unknown>>
  readonly freshness: Freshness
  /** For example ids that do not exist. */
  readonly warnings: readonly string[]
  /** What to try when the answer is empty or cut. */
  readonly hint?: string | undefined
}
