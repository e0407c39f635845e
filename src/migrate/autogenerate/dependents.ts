/**
 * What a change drags along: constraints, indexes and generated columns that name what goes or gets another type have to
 * be away meanwhile. PostgreSQL refuses the change otherwise; SQLite does not mind, and the same steps serve both.
 */
import type { ForeignKeyDefinition, IndexDefinition, KeyDefinition, TableDefinition } from '../../schema/table.ts'
import { mentions } from '../../storage/sqlite/ddl-edit.ts'
import { tokenize } from '../../storage/sqlite/ddl-tokens.ts'
import type { Sides, TableChange } from './table-change.ts'
import { isSameFamily } from './type-conversion.ts'

/**
 * The changes, and for each dependent that stays one that drops it and one that makes it again.
 *
 * @param isRecast true for an enum column that is a text for a while
 */
export function withDependents(changes: readonly TableChange[], sides: Sides, isRecast: (table: string, column: string) => boolean): TableChange[] {
  const list = new ChangeList(changes, sides)
  // The list grows while it is read: what is dragged along can drag along more.
  for (const item of list.changes) {
    switch (item.change) {
      case 'dropColumn':
        list.recreateAbout(item.table, item.column.name, 'all')
        break
      case 'alterColumn':
        if (!item.aspects.has('type')) break
        list.recreateAbout(item.table, item.to.name, isRecast(item.table, item.to.name) || !isSameFamily(item.from.type, item.to.type) ? 'expressions' : 'generated')
        break
      case 'dropPrimaryKey':
        list.recreateReferences(item.table, item.primaryKey.columns)
        break
      case 'dropUnique':
        list.recreateReferences(item.table, item.unique.columns)
        break
      case 'dropIndex':
        if (item.index.unique) list.recreateReferences(item.table, plainColumns(item.index))
        break
      default:
        break
    }
  }
  const made = new Set(list.changes.flatMap((item) => (item.change === 'addColumn' ? JSON.stringify([item.table, item.column.name]) : [])))
  // A change of what is made anew is in how it is made.
  return list.changes.filter((item) => item.change !== 'alterColumn' || !made.has(JSON.stringify([item.table, item.to.name])))
}

class ChangeList {
  readonly changes: TableChange[]
  readonly #sides: Sides
  readonly #names: Set<string>

  constructor(changes: readonly TableChange[], sides: Sides) {
    this.changes = [...changes]
    this.#sides = sides
    this.#names = new Set(changes.map(nameOfChange))
  }

  /** `all`: whatever names the column; `expressions`: what holds only for its old type; `generated`: columns computed from it. */
  recreateAbout(table: string, column: string, extent: 'all' | 'expressions' | 'generated'): void {
    const before = this.#sides.before.get(table)
    const after = this.#sides.after.get(table)
    if (before === undefined || after === undefined) return
    const names = (expression: string): boolean => mentions(tokenize(expression), column)
    for (const other of before.columns) {
      const again = after.columns.find((candidate) => candidate.name === other.name)
      if (other.name === column || other.generated === undefined || again?.generated === undefined || !names(other.generated.expression)) continue
      this.#pair({ change: 'dropColumn', table, column: other }, { change: 'addColumn', table, column: again })
    }
    if (extent === 'generated') return
    for (const index of before.indexes) {
      if (index.columns.some((part) => ('column' in part ? extent === 'all' && part.column === column : names(part.expression))) || names(index.where ?? '')) this.#recreateIndex(table, index, after)
    }
    for (const check of before.checks.filter((candidate) => candidate.enumOf === undefined && names(candidate.expression))) {
      const again = after.checks.find((candidate) => candidate.name === check.name)
      if (again) this.#pair({ change: 'dropCheck', table, check }, { change: 'addCheck', table, check: again })
    }
    for (const foreignKey of before.foreignKeys.filter((key) => key.columns.includes(column))) this.#recreateForeignKey(table, foreignKey)
    this.#recreateReferencesWhere(table, (columns) => columns.includes(column))
    if (extent === 'expressions') return
    for (const unique of before.uniques.filter((key) => key.columns.includes(column))) {
      const again = counterpart(unique, after.uniques)
      if (again) this.#pair({ change: 'dropUnique', table, unique }, { change: 'addUnique', table, unique: again })
    }
    if (before.primaryKey?.columns.includes(column) && after.primaryKey) {
      this.#pair({ change: 'dropPrimaryKey', table, primaryKey: before.primaryKey }, { change: 'addPrimaryKey', table, primaryKey: after.primaryKey })
    }
  }

  /** Foreign keys that rest on the key of these columns. */
  recreateReferences(table: string, columns: readonly string[]): void {
    this.#recreateReferencesWhere(table, (referenced) => sameSet(referenced, columns))
  }

  #recreateReferencesWhere(table: string, rests: (columns: readonly string[]) => boolean): void {
    for (const child of this.#sides.before.values()) {
      for (const key of child.foreignKeys) if (key.references.table === table && rests(key.references.columns)) this.#recreateForeignKey(child.name, key)
    }
  }

  #recreateForeignKey(table: string, foreignKey: ForeignKeyDefinition): void {
    const again = counterpart(foreignKey, this.#sides.after.get(table)?.foreignKeys ?? [])
    if (again) this.#pair({ change: 'dropForeignKey', table, foreignKey }, { change: 'addForeignKey', table, foreignKey: again })
  }

  #recreateIndex(table: string, index: IndexDefinition, after: TableDefinition): void {
    const again = after.indexes.find((candidate) => candidate.name === index.name)
    if (again) this.#pair({ change: 'dropIndex', table, index }, { change: 'addIndex', table, index: again })
  }

  /** Nothing when it is dropped already: then the differences say what comes after it. */
  #pair(drop: TableChange, add: TableChange): void {
    if (this.#names.has(nameOfChange(drop))) return
    this.#names.add(nameOfChange(drop)).add(nameOfChange(add))
    this.changes.push(drop, add)
  }
}

/** Columns of an index without expressions; none where it has one, since nothing can rest on it then. */
export function plainColumns(index: IndexDefinition): readonly string[] {
  return index.columns.every((part) => 'column' in part) && index.where === undefined ? index.columns.map((part) => part.column) : []
}

export function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((item) => others.includes(item))
}

function counterpart<Key extends KeyDefinition>(key: Key, keys: readonly Key[]): Key | undefined {
  return keys.find((candidate) => candidate.name === key.name) ?? keys.find((candidate) => sameSet(candidate.columns, key.columns))
}

function nameOfChange(item: TableChange): string {
  return JSON.stringify([item.change, item.table, subjectOf(item)])
}

function subjectOf(item: TableChange): string {
  switch (item.change) {
    case 'dropForeignKey':
    case 'addForeignKey':
      return item.foreignKey.name
    case 'dropIndex':
    case 'addIndex':
      return item.index.name
    case 'dropCheck':
    case 'addCheck':
      return item.check.name
    case 'dropUnique':
    case 'addUnique':
      return item.unique.name
    case 'dropPrimaryKey':
    case 'addPrimaryKey':
      return item.primaryKey.name
    case 'dropColumn':
    case 'addColumn':
      return item.column.name
    case 'alterColumn':
      return item.to.name
    case 'setComment':
      return ''
    default:
      throw new TypeError(`unknown change ${JSON.stringify(item satisfies never)}`)
  }
}
