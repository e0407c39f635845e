/** The values of what tests and bugs have any number of: all of them, as filters want them, or joined to their owners. */
import { sql, type RawBuilder } from 'kysely'
import type { ManySource, SqlContext, StoredParts } from './dimension.ts'
import { ofOwner } from './expressions.ts'

/** A select of `owner_id` and `part`, of one owner alone where that is given. No part is null; pairs may come twice. */
export function partsOf(context: SqlContext, source: ManySource, owner?: RawBuilder<unknown>): RawBuilder<unknown> {
  if ('parts' in source) return source.parts(context, owner)
  return sql`
    select ${sql.ref(source.owner)} as owner_id, ${sql.ref(source.part)} as part from ${sql.table(source.table)}
    where customer_id = ${context.customerId} and ${sql.ref(source.part)} is not null ${ofOwner(context.dialect, sql.ref(source.owner), owner)}`
}

/**
 * A left join with the parts of an owner, each once; `part` is the column to read. PostgreSQL hashes all parts; SQLite, which
 * without statistics may read all of them for every owner, looks up those of one.
 */
export function leftJoinParts(context: SqlContext, source: ManySource, alias: string, owner: RawBuilder<unknown>): { readonly join: RawBuilder<unknown>; readonly part: RawBuilder<unknown> } {
  const { dialect } = context
  const column = (name: string): RawBuilder<unknown> => sql`${sql.ref(`${alias}.${name}`)}`
  const table = sql.ref(alias)
  switch (dialect) {
    case 'sqlite':
      if (!('parts' in source)) return { join: joinFirstRows(context, source, alias, owner), part: column(source.part) }
      return { join: sql`left join json_each((select json_group_array(distinct part) from (${partsOf(context, source, owner)}))) as ${table} on true`, part: column('value') }
    case 'postgres':
      return { join: sql`left join (select distinct owner_id, part from (${partsOf(context, source)}) as parts) as ${table} on ${column('owner_id')} = ${owner}`, part: column('part') }
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/**
 * Of the rows of an owner with one part only the first: a look at the others is cheaper than keeping what was met. The plus
 * keeps SQLite, which without statistics expects little of it, from walking all places before this one.
 */
function joinFirstRows({ customerId }: SqlContext, source: StoredParts, alias: string, owner: RawBuilder<unknown>): RawBuilder<unknown> {
  const [row, before] = [alias, `${alias}_before`]
  const column = (of: string, name: string): RawBuilder<unknown> => sql`${sql.ref(`${of}.${name}`)}`
  const earlier = sql`exists (
    select 1 from ${sql.table(source.table)} as ${sql.ref(before)}
    where ${column(before, 'customer_id')} = ${customerId} and ${column(before, source.owner)} = ${column(row, source.owner)}
      and +${column(before, source.place)} < ${column(row, source.place)} and ${column(before, source.part)} = ${column(row, source.part)})`
  const isFirst = source.firstPlace === undefined ? sql`not ${earlier}` : sql`(${column(row, source.place)} = ${sql.lit(source.firstPlace)} or not ${earlier})`
  return sql`left join ${sql.table(source.table)} as ${sql.ref(row)} on ${column(row, 'customer_id')} = ${customerId} ${ofOwner('sqlite', column(row, source.owner), owner)}
    and ${column(row, source.part)} is not null and ${isFirst}`
}
