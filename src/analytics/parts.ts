/** The values of what tests and bugs have any number of: all of them, as filters want them, or joined to those that have them. */
import { sql, type RawBuilder } from 'kysely'
import { jsonTexts } from '../storage/json-texts.ts'
import { rarely } from '../storage/rarely.ts'
import type { JoinedPart, SqlContext, StoredParts, StoredSet } from './dimension.ts'

/** A select of `test_id` and `part`. No part is null; pairs may come twice. */
export function partsOf({ customerId }: SqlContext, { table, part }: StoredParts): RawBuilder<unknown> {
  return sql`select test_id, ${sql.ref(part)} as part from ${sql.table(table)} where customer_id = ${customerId} and ${sql.ref(part)} is not null`
}

/** @param set a column, of whichever table has it */
export function joinSet({ dialect }: SqlContext, set: StoredSet['set'], alias: string): JoinedPart {
  return { join: sql`left join ${jsonTexts(dialect, set, alias)} on true`, part: sql`${sql.ref(`${alias}.value`)}` }
}

/**
 * A left join with the values of the tests called `t`. `each`: every value once; `any`: one may come again, which is cheaper.
 * PostgreSQL hashes all values; SQLite, which without statistics may read all of them for every test, looks up those of one.
 */
export function joinParts(context: SqlContext, source: StoredParts, alias: string, repeats: 'each' | 'any'): JoinedPart {
  const column = (name: string): RawBuilder<unknown> => sql`${sql.ref(`${alias}.${name}`)}`
  switch (context.dialect) {
    case 'sqlite': {
      const { customerId } = context
      const first = repeats === 'any' ? sql`true` : isFirst(context, source, alias)
      return {
        join: sql`left join ${sql.table(source.table)} as ${sql.ref(alias)} on ${column('customer_id')} = ${customerId} and ${rarely('sqlite', sql`${column('test_id')} = t.id`)}
          and ${column(source.part)} is not null and ${first}`,
        part: column(source.part),
      }
    }
    case 'postgres':
      return {
        join: sql`left join (select ${sql.raw(repeats === 'any' ? '' : 'distinct')} test_id, part from (${partsOf(context, source)}) as parts) as ${sql.ref(alias)} on ${column('test_id')} = t.id`,
        part: column('part'),
      }
    default:
      throw new TypeError(`unknown dialect ${String(context.dialect satisfies never)}`)
  }
}

/**
 * Of the rows of a test with one part only the first: a look at the others is cheaper than keeping what was met. The plus
 * keeps SQLite, which without statistics expects little of it, from walking all places before this one.
 */
function isFirst({ customerId }: SqlContext, source: StoredParts, row: string): RawBuilder<unknown> {
  const before = `${row}_before`
  const column = (of: string, name: string): RawBuilder<unknown> => sql`${sql.ref(`${of}.${name}`)}`
  const earlier = sql`exists (
    select 1 from ${sql.table(source.table)} as ${sql.ref(before)}
    where ${column(before, 'customer_id')} = ${customerId} and ${column(before, 'test_id')} = ${column(row, 'test_id')}
      and +${column(before, source.place)} < ${column(row, source.place)} and ${column(before, source.part)} = ${column(row, source.part)})`
  return source.firstPlace === undefined ? sql`not ${earlier}` : sql`(${column(row, source.place)} = ${sql.lit(source.firstPlace)} or not ${earlier})`
}
