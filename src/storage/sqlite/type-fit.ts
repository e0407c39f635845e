/** Whether values are ones of a type, as conditions in SQL: SQLite itself would keep any value in any column. */
import type { ColumnType } from '../../schema/column.ts'
import { quoteLiteral } from '../../schema/identifier.ts'

/** What a value that stands in a column of the type has to satisfy; nothing where every value that SQLite stores will do. */
export function fittingCondition(type: ColumnType, column: string): string | undefined {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
      return `typeof(${column}) = 'integer'`
    case 'real':
    case 'numeric':
      return `typeof(${column}) in ('integer', 'real')`
    case 'boolean':
      return `${column} in (0, 1)`
    case 'instant':
      return `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column})`
    case 'date':
      return `${column} = strftime('%Y-%m-%d', ${column})`
    case 'json':
      return `json_valid(${column})`
    case 'text':
      return type.length === undefined ? undefined : `length(${column}) <= ${type.length}`
    default:
      return undefined
  }
}

/** The same of a value that stands elsewhere and is to be put there: a text of digits becomes a number on the way. */
export function convertibleCondition(type: ColumnType, value: string): string | undefined {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
      return `${value} = cast(${value} as integer)`
    case 'real':
    case 'numeric':
      return `${value} = cast(${value} as numeric)`
    case 'boolean':
      return `${value} = cast(${value} as numeric) and cast(${value} as numeric) in (0, 1)`
    case 'enum':
      return `${value} in (${type.values.map(quoteLiteral).join(', ')})`
    default:
      return fittingCondition(type, value)
  }
}
