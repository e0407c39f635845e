/**
 * Whether values of a column would be lost or refused as ones of another type, as a condition in SQL. It never fails on a
 * value; on servers before PostgreSQL 16, which cannot try a conversion, most of it fails as a whole.
 */
import type { ColumnType } from '../../schema/column.ts'
import { quoteLiteral } from '../../schema/identifier.ts'
import { postgresType } from './ddl.ts'

/** Holds for a value that does not fit; nothing where every value fits, or only a look at it could tell. */
export function misfitCondition(type: ColumnType, value: string): string | undefined {
  const converts = `pg_input_is_valid(${value}::text, ${quoteLiteral(postgresType(type))})`
  const loses = (condition: string): string => `case when ${converts} then ${condition} else true end`
  switch (type.kind) {
    case 'text':
      return type.length === undefined ? undefined : `length(${value}::text) > ${type.length}`
    case 'enum':
      return `${value}::text not in (${type.values.map(quoteLiteral).join(', ')})`
    case 'integer':
    case 'bigint':
      // Numbers with a fraction are rounded, which the text of one does not allow.
      return `case when pg_input_is_valid(${value}::text, 'numeric') and ${value}::text ~ '[.]' then ${value}::text::numeric <> trunc(${value}::text::numeric) else not ${converts} end`
    case 'numeric':
      // Of a double 15 digits are taken, of a text all.
      return loses(`${value}::text::numeric <> case when pg_typeof(${value}) = 'double precision'::regtype then ${value}::text::double precision::${postgresType(type)} else ${value}::text::${postgresType(type)} end`)
    case 'real':
      return loses(`pg_input_is_valid(${value}::text, 'numeric') and ${value}::text::numeric <> ${value}::text::double precision::numeric`)
    case 'date':
      return loses(`pg_input_is_valid(${value}::text, 'timestamp') and ${value}::text::timestamp <> ${value}::text::date`)
    default:
      return `not ${converts}`
  }
}
