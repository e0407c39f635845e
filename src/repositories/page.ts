/**
 * One page of a list, in two statements whatever its size: the frame (total and freshness) and the rows.
 * Every list has a total order: its sort column with nulls last, then the id.
 */
import { sql, type Expression, type RawBuilder } from 'kysely'
import { byCodePoint } from '../storage/collation.ts'
import type { QueryContext } from './context.ts'
import { decodeCursor, encodeCursor, fingerprint, type Cursor } from './cursor.ts'
import { firstRows, inOrder } from './first-rows.ts'
import { freshnessParts, toFreshness, type FreshnessRow, type FreshnessScope } from './freshness.ts'
import type { ListResult } from './list.ts'
import { requireOneStart } from './options.ts'
import { countKnownIds, unknownIdWarnings, type AskedIds } from './unknown-ids.ts'

export interface PageOptions<SortKey extends string> {
  readonly limit: number
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
  /** Default the first key of `sorts`. */
  readonly sortBy?: SortKey | undefined
  /** Default that of the key. */
  readonly sortOrder?: 'asc' | 'desc' | undefined
  readonly includeDeleted: boolean
}

const pagingNames: ReadonlySet<string> = new Set(['limit', 'offset', 'cursor', 'sortBy', 'sortOrder'] satisfies (keyof PageOptions<string>)[])

export interface SortColumn {
  /** Its column in `rows`. */
  readonly column: string
  readonly direction: 'asc' | 'desc'
  /** Compared as text, by code point. Default false. */
  readonly text?: boolean | undefined
}

export interface ListQuestion<Row, Item, SortKey extends string> {
  /** Plural, for texts: `tests`. */
  readonly entity: string
  /** All rows that match the filters, with the columns `id` and the sort columns; neither ordered nor limited. */
  readonly rows: Expression<Row>
  /** How many these are, where that is kept somewhere: counting them takes longer the more there are. */
  readonly total?: RawBuilder<number> | undefined
  /** Adds to the rows of a page what must not be computed for all of them; refers to the page as `page`. */
  readonly enrich?: ((page: RawBuilder<Row>) => RawBuilder<Row>) | undefined
  /** The default order first. */
  readonly sorts: Readonly<Record<SortKey, SortColumn>>
  readonly freshness: FreshnessScope
  /** The filters in force, for the answer. */
  readonly filters: Readonly<Record<string, unknown>>
  /** Ids in the filters; those that the local copy does not have are named in the warnings. */
  readonly asked?: AskedIds | undefined
  toItem(row: Row): Item
}

/**
 * @param options all options of the list: a cursor holds for the same question only, in the words it was asked in, so that
 * "30 days ago" stays the same question a minute later
 * @throws TidemarkError `argument_invalid` (offset and cursor together), `cursor_invalid`
 */
export async function readPage<Row extends { readonly id: number; readonly deleted_at?: string | null }, Item extends object, SortKey extends string, Options extends PageOptions<SortKey>>(
  context: QueryContext,
  question: ListQuestion<Row, Item, SortKey>,
  options: Options,
): Promise<ListResult<Item>> {
  requireOneStart(`list ${question.entity}`, options)
  const order = resolveOrder(question.sorts, options)
  const asked = Object.entries(options).filter(([name]) => !pagingNames.has(name))
  const print = fingerprint([context.customerId, question.entity, asked.toSorted(([a], [b]) => (a < b ? -1 : 1)), order.key, order.direction])
  const cursor = options.cursor === undefined ? undefined : decodeCursor(print, options.cursor)

  const frame = await readFrame(context, question, options)
  const rows = await readRows(context, question, order, options, cursor)

  const page = rows.slice(0, options.limit)
  const offset = cursor?.offset ?? options.offset ?? 0
  const hasMore = rows.length > options.limit
  const last = page.at(-1)
  const freshness = toFreshness(context, question.freshness, frame)
  return {
    items: page.map((row) => (options.includeDeleted && row.deleted_at !== undefined ? { ...question.toItem(row), deletedAt: row.deleted_at } : question.toItem(row))),
    total: frame.total,
    returned: page.length,
    offset,
    hasMore,
    nextCursor: hasMore && last !== undefined ? encodeCursor(print, { value: sortValue(last, order.column), id: last.id, offset: offset + page.length }) : null,
    filters: { ...question.filters, ...(options.includeDeleted ? { includeDeleted: true } : {}), sortBy: order.key, sortOrder: order.direction },
    freshness,
    warnings: await unknownIdWarnings({ ...context, dialect: context.storage.dialect }, question.asked ?? {}, { knownCount: frame.known_ids, includeDeleted: options.includeDeleted }),
    hint: hintFor(question.entity, frame.total, page.length, freshness.asOf),
  }
}

interface ResolvedOrder extends SortColumn {
  readonly key: string
}

function resolveOrder<SortKey extends string>(sorts: Readonly<Record<SortKey, SortColumn>>, options: PageOptions<SortKey>): ResolvedOrder {
  const entries = Object.entries<SortColumn>(sorts)
  const [key, sort] = entries.find(([name]) => name === options.sortBy) ?? entries[0] ?? []
  if (key === undefined || sort === undefined) throw new TypeError('a list needs at least one sort key')
  return { ...sort, key, direction: options.sortOrder ?? sort.direction }
}

interface Frame extends FreshnessRow {
  readonly total: number
  readonly known_ids: number
}

async function readFrame<Row, Item, SortKey extends string>(
  context: QueryContext, question: ListQuestion<Row, Item, SortKey>, options: PageOptions<SortKey>,
): Promise<Frame> {
  const { columns, source } = freshnessParts(context, question.freshness)
  const { rows } = await sql<Frame>`
    select ${question.total ?? sql`(select count(*) from ${question.rows} as counted)`} as total,
      ${countKnownIds(context, question.asked ?? {}, options.includeDeleted)} as known_ids, ${columns}
    from ${source}`.execute(context.db)
  const frame = rows[0]
  if (frame === undefined) throw new TypeError('an aggregate gave no row')
  return frame
}

async function readRows<Row, Item, SortKey extends string>(
  context: QueryContext,
  question: ListQuestion<Row, Item, SortKey>,
  order: ResolvedOrder,
  options: PageOptions<SortKey>,
  cursor: Cursor | undefined,
): Promise<readonly Row[]> {
  const { dialect } = context.storage
  const column = (of: string): RawBuilder<unknown> => {
    const reference = sql.ref<unknown>(`${of}.${order.column}`)
    return order.text === true ? byCodePoint(dialect, reference) : reference
  }
  const page = firstRows<Row>(dialect, {
    rows: question.rows,
    column,
    direction: order.direction,
    behind: cursor?.value === undefined ? undefined : after(column('page'), order.direction, cursor.value, cursor.id),
    limit: options.limit + 1,
    offset: cursor === undefined ? options.offset : cursor.value === undefined ? cursor.offset : undefined,
  })
  const statement = question.enrich === undefined ? page : question.enrich(page)
  const { rows } = await sql<Row>`select * from ${statement} as page ${inOrder(column('page'), order.direction, 'page')}`.execute(context.db)
  return rows
}

/** Rows behind the cursor in the order "column, nulls last, then id". */
function after(column: RawBuilder<unknown>, direction: 'asc' | 'desc', value: string | number | null, id: number): RawBuilder<boolean> {
  if (value === null) return sql`(${column} is null and page.id > ${id})`
  const beyond = direction === 'asc' ? sql`>` : sql`<`
  return sql`(${column} ${beyond} ${value} or ${column} is null or (${column} = ${value} and page.id > ${id}))`
}

function sortValue(row: object, sortBy: string): string | number | null {
  const value: unknown = Object.entries(row).find(([key]) => key === sortBy)?.[1]
  return typeof value === 'string' || typeof value === 'number' ? value : null
}

function hintFor(entity: string, total: number, returned: number, asOf: string | null): string | undefined {
  if (total === 0 && asOf === null) return `Nothing is known yet about some of this: sync, then ask again.`
  if (total === 0) return `No ${entity} match these filters: leave one out.`
  if (returned === 0) return `The offset lies behind the last of ${total} ${entity}.`
  return undefined
}
