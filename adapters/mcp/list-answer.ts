/** What all lists have in common: the arguments for paging, the frame around the items, and the cut at a row when a page would be too long. */
import * as v from 'valibot'
import type { ListOptions, ListResult } from '../../src/repositories/list.ts'
import { readToFit } from './answer-size.ts'
import { cleanTexts } from './clean-text.ts'
import { answerNotes, freshness, whole } from './schema-parts.ts'
import { snakeCased, type SnakeCased } from './snake-cased.ts'

const maxWarnings = 20
const cutHint = 'The page was cut because of its length: go on with next_cursor.'

const filterValue = v.nullable(v.union([v.string(), v.number(), v.boolean(), v.array(v.union([v.string(), v.number()]))]))
const filterValues = v.record(v.string(), filterValue)

export interface Paging<SortKey extends string> {
  readonly limit: number
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
  readonly sort_by?: SortKey | undefined
  readonly sort_order?: 'asc' | 'desc' | undefined
}

export interface ListAnswer<Item> extends Omit<SnakeCased<ListResult<never>>, 'items' | 'filters'> {
  items: Item[]
  filters: v.InferOutput<typeof filterValues>
  truncated?: boolean
}

/** The paging arguments of a list with these sort keys, the default one first. */
export function pagingArguments<const SortKeys extends readonly [string, ...string[]]>(sortKeys: SortKeys) {
  return {
    limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100), v.description('Page size')), 20),
    offset: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.description('Instead of cursor'))),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(4000), v.description('next_cursor'))),
    sort_by: v.optional(v.pipe(v.picklist(sortKeys), v.description(`Default ${sortKeys[0]}`))),
    sort_order: v.optional(v.pipe(v.picklist(['asc', 'desc']), v.description('Default: newest, most, A first'))),
  }
}

/** The schema of the answer of a list of such items. */
export function listAnswer<const Item extends v.GenericSchema>(item: Item) {
  return v.strictObject({
    items: v.array(item),
    total: whole,
    returned: whole,
    offset: whole,
    has_more: v.boolean(),
    next_cursor: v.nullable(v.string()),
    filters: filterValues,
    freshness,
    warnings: v.array(v.string()),
    ...answerNotes,
  })
}

/** Reads a page, and when it is too long for an answer, as many of its first rows as fit (at least one). */
export async function readList<Item, SortKey extends string>(
  paging: Paging<SortKey>,
  list: (page: ListOptions<SortKey>) => Promise<ListResult<Item>>,
): Promise<ListAnswer<SnakeCased<Item>>> {
  const { limit: asked, offset, cursor, sort_by: sortBy, sort_order: sortOrder } = paging
  return readToFit(asked, async (limit) => frame(await list({ limit, offset, cursor, sortBy, sortOrder })), ({ items }) => items, cutHint)
}

function frame<Item>(page: ListResult<Item>): ListAnswer<SnakeCased<Item>> {
  const { items, filters, warnings, hint, ...rest } = page
  const more = warnings.length - maxWarnings
  return {
    items: items.map((item) => snakeCased(item)),
    ...snakeCased(rest),
    filters: v.parse(filterValues, cleanTexts(snakeCased(filters))),
    warnings: more <= 0 ? [...warnings] : [...warnings.slice(0, maxWarnings), `And ${more} more of the kind.`],
    ...(hint === undefined ? {} : { hint }),
  }
}
