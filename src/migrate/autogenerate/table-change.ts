/**
 * Differences of one table as changes in terms of definitions: what goes is told by the definition before, what comes by
 * the one after, so that expressions and defaults stand as they were declared and not as an engine spells them.
 */
import type { ColumnAspect, SchemaDifference } from '../../schema/difference.ts'
import type { LiveForeignKey, LiveIndex, LiveKey } from '../../schema/introspect.ts'
import {
  type CheckDefinition, type ForeignKeyDefinition, type IndexDefinition, type KeyDefinition, type NamedColumn, type NamingConvention,
  type TableDefinition, constraintName,
} from '../../schema/table.ts'

/** `unnamed`: it has no name in the database, only one by which it is meant here. */
export type TableChange =
  | { readonly change: 'dropForeignKey' | 'addForeignKey'; readonly table: string; readonly foreignKey: ForeignKeyDefinition; readonly unnamed?: boolean }
  | { readonly change: 'dropIndex' | 'addIndex'; readonly table: string; readonly index: IndexDefinition }
  | { readonly change: 'dropCheck' | 'addCheck'; readonly table: string; readonly check: CheckDefinition; readonly unnamed?: boolean }
  | { readonly change: 'dropUnique' | 'addUnique'; readonly table: string; readonly unique: KeyDefinition; readonly unnamed?: boolean }
  | { readonly change: 'dropPrimaryKey' | 'addPrimaryKey'; readonly table: string; readonly primaryKey: KeyDefinition; readonly unnamed?: boolean }
  | { readonly change: 'dropColumn'; readonly table: string; readonly column: NamedColumn }
  | { readonly change: 'addColumn'; readonly table: string; readonly column: NamedColumn }
  | { readonly change: 'alterColumn'; readonly table: string; readonly from: NamedColumn; readonly to: NamedColumn; readonly aspects: ReadonlySet<ColumnAspect> }
  | { readonly change: 'setComment'; readonly table: string; readonly comment: string | undefined }

export type Definitions = ReadonlyMap<string, TableDefinition>

export interface Sides {
  readonly before: Definitions
  readonly after: Definitions
  readonly naming: NamingConvention
}

/**
 * The changes to tables that are there before and after.
 *
 * @param extendedEnums enums with a name that get values more, and their checks with them
 */
export function tableChanges(differences: readonly SchemaDifference[], sides: Sides, extendedEnums: ReadonlySet<string>): TableChange[] {
  const changes = differences.flatMap((difference) => changesOf(difference, sides))
  return withoutEnumChecks(changes, sides, extendedEnums)
}

/** @throws TypeError when the definitions do not belong to the differences */
export function definitionOf(definitions: Definitions, table: string): TableDefinition {
  const definition = definitions.get(table)
  if (definition === undefined) throw new TypeError(`Cannot plan changes: no definition of table "${table}" is given`)
  return definition
}

export function columnOf(definitions: Definitions, table: string, name: string): NamedColumn {
  const column = definitionOf(definitions, table).columns.find((candidate) => candidate.name === name)
  if (column === undefined) throw new TypeError(`Cannot plan changes: the definition of table "${table}" has no column "${name}"`)
  return column
}

function changesOf(difference: SchemaDifference, { before, after, naming }: Sides): readonly TableChange[] {
  switch (difference.kind) {
    case 'columnAdded':
      return [{ change: 'addColumn', table: difference.table, column: columnOf(after, difference.table, difference.column.name) }]
    case 'columnDropped':
      return [{ change: 'dropColumn', table: difference.table, column: columnOf(before, difference.table, difference.column.name) }]
    case 'columnChanged': {
      const { table, column, aspects } = difference
      const from = columnOf(before, table, column)
      const to = columnOf(after, table, column)
      // No engine of ours lets an expression be changed where it stands.
      if (aspects.includes('generated')) return [{ change: 'dropColumn', table, column: from }, { change: 'addColumn', table, column: to }]
      return [{ change: 'alterColumn', table, from, to, aspects: new Set(aspects) }]
    }
    case 'primaryKeyChanged': {
      const { table, from, to } = difference
      const key = (live: LiveKey): KeyDefinition => ({ name: live.name ?? constraintName(naming.primaryKey, [table]), columns: live.columns })
      return [
        ...(from ? [{ change: 'dropPrimaryKey' as const, table, primaryKey: key(from), unnamed: from.name === undefined }] : []),
        ...(to ? [{ change: 'addPrimaryKey' as const, table, primaryKey: key(to) }] : []),
      ]
    }
    case 'uniqueAdded':
      return [{ change: 'addUnique', table: difference.table, unique: keyDefinition(difference.table, difference.unique, naming.unique) }]
    case 'uniqueDropped':
      return [{ change: 'dropUnique', table: difference.table, unique: keyDefinition(difference.table, difference.unique, naming.unique), unnamed: difference.unique.name === undefined }]
    case 'indexAdded':
      return [{ change: 'addIndex', table: difference.table, index: indexDefinition(after, difference.table, difference.index) }]
    case 'indexDropped':
      return [{ change: 'dropIndex', table: difference.table, index: indexDefinition(before, difference.table, difference.index) }]
    case 'checkAdded':
      return [{ change: 'addCheck', table: difference.table, check: checkDefinition(after, difference.table, difference.check) }]
    case 'checkDropped':
      return [{ change: 'dropCheck', table: difference.table, check: checkDefinition(before, difference.table, difference.check), unnamed: difference.check.name === undefined }]
    case 'foreignKeyAdded':
      return [{ change: 'addForeignKey', table: difference.table, foreignKey: foreignKeyDefinition(difference.table, difference.foreignKey, naming) }]
    case 'foreignKeyDropped':
      return [{ change: 'dropForeignKey', table: difference.table, foreignKey: foreignKeyDefinition(difference.table, difference.foreignKey, naming), unnamed: difference.foreignKey.name === undefined }]
    case 'tableCommentChanged':
      return [{ change: 'setComment', table: difference.table, comment: difference.to }]
    default:
      return []
  }
}

/**
 * The check of an enum column belongs to its type: a difference of such a check is a new type of the column, or goes
 * with the column.
 */
function withoutEnumChecks(changes: readonly TableChange[], { before, after }: Sides, extendedEnums: ReadonlySet<string>): TableChange[] {
  const kept: TableChange[] = []
  const retyped = new Map<string, { readonly table: string; readonly column: string }>()
  for (const item of changes) {
    const column = item.change === 'addCheck' || item.change === 'dropCheck' ? item.check.enumOf : undefined
    if (column === undefined) kept.push(item)
    else retyped.set(JSON.stringify([item.table, column]), { table: item.table, column })
  }
  for (const { table, column } of retyped.values()) {
    const [from, to] = [before, after].map((side) => side.get(table)?.columns.find((candidate) => candidate.name === column))
    if (from === undefined || to === undefined || kept.some((item) => item.change === 'addColumn' && item.table === table && item.column.name === column)) continue
    if (to.type.kind === 'enum' && from.type.kind === 'enum' && from.type.name === to.type.name && extendedEnums.has(to.type.name ?? '')) continue
    const known = kept.findIndex((item) => item.change === 'alterColumn' && item.table === table && item.to.name === column)
    const other = kept[known]
    const aspects = new Set<ColumnAspect>([...(other?.change === 'alterColumn' ? other.aspects : []), 'type'])
    kept.splice(known < 0 ? kept.length : known, known < 0 ? 0 : 1, { change: 'alterColumn', table, from, to, aspects })
  }
  return kept
}

function keyDefinition(table: string, live: LiveKey, pattern: string): KeyDefinition {
  return { name: live.name ?? constraintName(pattern, [table, ...live.columns]), columns: live.columns }
}

function foreignKeyDefinition(table: string, live: LiveForeignKey, naming: NamingConvention): ForeignKeyDefinition {
  return { ...keyDefinition(table, live, naming.foreignKey), references: live.references, onDelete: live.onDelete, onUpdate: live.onUpdate }
}

function indexDefinition(definitions: Definitions, table: string, live: LiveIndex): IndexDefinition {
  return definitions.get(table)?.indexes.find((index) => index.name === live.name) ?? live
}

function checkDefinition(definitions: Definitions, table: string, live: { readonly name?: string | undefined; readonly expression: string }): CheckDefinition {
  const checks = definitions.get(table)?.checks ?? []
  const found = checks.find((check) => (live.name === undefined ? check.expression === live.expression : check.name === live.name))
  return found ?? { name: live.name ?? '', expression: live.expression }
}
