/** How values of one column type become values of another, and when what is written about the column has to be written anew. */
import type { ColumnType } from '../../schema/column.ts'
import { quoteIdentifier } from '../../schema/identifier.ts'
import { postgresType } from '../../storage/postgres/ddl.ts'
import type { Dialect } from '../../storage/storage.ts'

type Family = 'number' | 'text' | 'moment' | 'named enum' | 'boolean' | 'json' | 'bytes' | 'uuid'

/** True when expressions and keys over the column mean the same after the change: the engine carries them over by itself. */
export function isSameFamily(from: ColumnType, to: ColumnType): boolean {
  return familyOf(from) === familyOf(to) && nameOf(from) === nameOf(to)
}

/** What `using` has to say; undefined where the engine converts by itself. */
export function conversion(from: ColumnType, to: ColumnType, column: string, dialect: Dialect): string | undefined {
  const name = quoteIdentifier(column)
  const source = familyOf(from)
  const target = familyOf(to)
  if (isSameFamily(from, to) || source === 'text' || target === 'text') return undefined
  if (source === 'number' && target === 'boolean') return `${name} <> 0`
  if (source === 'boolean' && target === 'number') return `case when ${name} then 1 when not ${name} then 0 end`
  if (dialect === 'sqlite') return undefined
  // Every type of PostgreSQL goes into text and comes out of it; between the others there is not always a cast.
  return target === 'json' ? `to_jsonb(${name})` : `${source === 'json' ? `(${name} #>> '{}')` : `${name}::text`}::${postgresType(to)}`
}

function familyOf(type: ColumnType): Family {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
    case 'real':
    case 'numeric':
      return 'number'
    case 'text':
      return 'text'
    case 'enum':
      return type.name === undefined ? 'text' : 'named enum'
    case 'instant':
    case 'date':
      return 'moment'
    default:
      return type.kind
  }
}

function nameOf(type: ColumnType): string | undefined {
  return type.kind === 'enum' ? type.name : undefined
}
