/**
 * Changes of enums that have a name. A value more is added where it stands; any other change needs a new type, for which
 * the columns become texts for a while. SQLite has no such types: there the enums are read off the columns, so that the
 * revision does the same on PostgreSQL.
 */
import type { SchemaDifference } from '../../schema/difference.ts'
import type { NamedColumn, TableDefinition } from '../../schema/table.ts'
import { indexExpressions } from '../../storage/sqlite/ddl-edit.ts'
import { tokenize } from '../../storage/sqlite/ddl-tokens.ts'
import type { Dialect } from '../../storage/storage.ts'
import type { EnumChange } from '../operation.ts'
import type { Definitions } from './table-change.ts'

export interface EnumPlan {
  readonly created: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly extended: readonly { readonly name: string; readonly change: EnumChange }[]
  readonly replaced: ReadonlyMap<string, readonly string[]>
  readonly dropped: readonly string[]
}

export function enumPlan(differences: readonly SchemaDifference[], before: Definitions, after: Definitions, dialect: Dialect): EnumPlan {
  const all = dialect === 'sqlite' ? readOff(before, after) : differences
  const changed = all.filter((difference) => difference.kind === 'enumChanged')
  const extensions = changed.flatMap(({ name, from, to }) => extension(from, to).map((change) => ({ name, change })))
  // PostgreSQL lets a new value be used only by the next transaction.
  const isReplaced = ({ name, from, to }: (typeof changed)[number]): boolean =>
    !isPartInOrder(from, to) || to.some((value) => !from.includes(value) && [...after.values()].some((table) => isUsed(value, name, table)))
  const replaced = new Map(changed.filter(isReplaced).map(({ name, to }) => [name, to]))
  return {
    created: all.flatMap((difference) => (difference.kind === 'enumAdded' ? { name: difference.name, values: difference.values } : [])),
    extended: extensions.filter(({ name }) => !replaced.has(name)),
    replaced,
    dropped: all.flatMap((difference) => (difference.kind === 'enumDropped' ? difference.name : [])),
  }
}

export function enumName(column: Pick<NamedColumn, 'type'>): string | undefined {
  return column.type.kind === 'enum' ? column.type.name : undefined
}

/** One that has the same values before and after is told as well, and changed by nothing. */
function readOff(before: Definitions, after: Definitions): SchemaDifference[] {
  const old = enumsOf(before)
  const now = enumsOf(after)
  return [
    ...[...old].map(([name, from]): SchemaDifference => {
      const to = now.get(name)
      return to === undefined ? { kind: 'enumDropped', name, values: from } : { kind: 'enumChanged', name, from, to }
    }),
    ...[...now].flatMap(([name, values]): SchemaDifference[] => (old.has(name) ? [] : [{ kind: 'enumAdded', name, values }])),
  ]
}

function enumsOf(definitions: Definitions): ReadonlyMap<string, readonly string[]> {
  const columns = [...definitions.values()].flatMap((table) => table.columns)
  return new Map(columns.flatMap(({ type }) => (type.kind === 'enum' && type.name !== undefined ? [[type.name, type.values] as const] : [])))
}

/** How the values that are new get their places, each beside one that is there by then. */
function extension(from: readonly string[], to: readonly string[]): EnumChange[] {
  const last = to.findLastIndex((value) => from.includes(value))
  return to.flatMap((add, position) => {
    if (from.includes(add)) return []
    if (position > last) return { add }
    const after = to[position - 1]
    return after === undefined ? { add, before: from[0] } : { add, after }
  })
}

function isPartInOrder(part: readonly string[], whole: readonly string[]): boolean {
  const kept = whole.filter((value) => part.includes(value))
  return kept.length === part.length && kept.every((value, position) => value === part[position])
}

function isUsed(value: string, name: string, table: TableDefinition): boolean {
  if (!table.columns.some((column) => enumName(column) === name)) return false
  const expressions = [
    ...table.columns.flatMap((column) => [column.generated?.expression ?? '', column.default?.kind === 'sql' ? column.default.sql : '']),
    ...table.checks.flatMap((check) => (check.enumOf === undefined ? check.expression : [])),
    ...table.indexes.flatMap(indexExpressions),
  ]
  return (
    table.columns.some((column) => enumName(column) === name && column.default?.kind === 'value' && column.default.value === value) ||
    expressions.some((expression) => tokenize(expression).some((token) => token.kind === 'string' && token.value === value))
  )
}
