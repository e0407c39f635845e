/** Whether values are ones of a type and how they become ones, in SQL: SQLite itself would keep any value in any column. */
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
    case 'instant':
      return `${value} in (strftime('%Y-%m-%dT%H:%M:%fZ', ${value}), strftime('%Y-%m-%d', ${value}))`
    case 'date':
      // An instant becomes its day; only midnight loses nothing by it.
      return `${value} in (strftime('%Y-%m-%d', ${value}), strftime('%Y-%m-%dT00:00:00.000Z', ${value}))`
    case 'enum':
      return `${value} in (${type.values.map(quoteLiteral).join(', ')})`
    default:
      return fittingCondition(type, value)
  }
}

/** What a value becomes on its way into a column of the type, where SQLite would leave it as it is and PostgreSQL does not. */
export function convertedValue(type: ColumnType, value: string): string {
  if (type.kind === 'instant') return `case when ${value} = strftime('%Y-%m-%d', ${value}) then ${value} || 'T00:00:00.000Z' else ${value} end`
  if (type.kind === 'date') return `case when ${value} = strftime('%Y-%m-%dT%H:%M:%fZ', ${value}) then strftime('%Y-%m-%d', ${value}) else ${value} end`
  return value
}

/** The same of the default, where it is a day, a moment or the present one: it goes on to say what it said, in a form of the new type. */
export function convertedDefault(type: ColumnType, expression: string): string {
  if (type.kind === 'instant') return expression.replace(/^'(\d{4}-\d\d-\d\d)'$/, `'$1T00:00:00.000Z'`).replace(/^strftime\('%Y-%m-%d', *'now'\)$/, `strftime('%Y-%m-%dT00:00:00.000Z','now')`)
  if (type.kind === 'date') return expression.replace(/^'(\d{4}-\d\d-\d\d)T[\d:.]+Z'$/, `'$1'`).replace(/^strftime\('%Y-%m-%dT[%H:Mf0.]+Z', *'now'\)$/, `strftime('%Y-%m-%d','now')`)
  return expression
}
