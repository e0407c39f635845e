/**
 * Drafts of rows for one table: values by column that fit types and foreign keys, and probably the rest. Whether a row
 * fits, the database decides; what it refuses is drawn again.
 */
import { readEnumCheck } from '../../schema/enum-check.ts'
import type { LiveColumn, LiveForeignKey, LiveTable } from '../../schema/introspect.ts'
import type { Dialect, SqlValue } from '../../storage/storage.ts'
import { columnsOf, valuesNear } from './check-literals.ts'
import { type ColumnValues, type Draw, oneOf, valuesFor } from './column-values.ts'
import { type ParentKeys, type Values, chooseParents } from './parent-choice.ts'

export interface Parents {
  readonly key: LiveForeignKey
  readonly tuples: readonly (readonly SqlValue[])[]
}

export class RowDrafts {
  /** In the order in which an INSERT gives them. */
  readonly columns: readonly string[]
  readonly #table: LiveTable
  readonly #draw: Draw
  readonly #parents: readonly Parents[]
  readonly #values: ReadonlyMap<string, ColumnValues>
  /** For columns that a check names: values at its literals. */
  readonly #near: ReadonlyMap<string, readonly SqlValue[]>
  readonly #nullable: Set<string>
  /** The edge or near value that each column begins with. */
  readonly #start: ReadonlyMap<string, number>

  /** @param parents of each foreign key to another table, what it can refer to */
  constructor(table: LiveTable, dialect: Dialect, parents: readonly Parents[], draw: Draw) {
    const given = table.columns.filter((column) => column.generated === undefined)
    this.columns = given.map((column) => column.name)
    this.#table = table
    this.#draw = draw
    this.#parents = parents
    this.#values = new Map(given.map((column) => [column.name, valuesFor(column, dialect)]))
    this.#near = new Map(given.flatMap((column) => this.#nearChecks(column)))
    this.#start = new Map(given.map((column) => [column.name, draw(0, 99)]))
    // SQLite takes null in a key; that tells no rows apart.
    this.#nullable = new Set(given.filter((column) => column.nullable && table.primaryKey?.columns.includes(column.name) !== true).map((column) => column.name))
  }

  /** How many rows it takes: one ordinary, and two for null and an edge; of enums, on which revisions decide, every value. */
  get enough(): number {
    return Math.min(2 + Math.max(1, ...this.#table.columns.map((column) => enumValuesOf(this.#table, column).length)), mostRows)
  }

  /** The first draft of a row; the key that cannot be met when there is none. Rows differ in what they try: nulls, edges. */
  draft(position: number, siblings: readonly Values[]): Values | LiveForeignKey {
    const fixed = this.#refer(position, position)
    return isValues(fixed) ? this.#complete(fixed, siblings, 0, (column) => this.#plan(column, position)) : fixed
  }

  /** The same with these columns drawn again; with all of them when they are none of a draft's. */
  redraft(draft: Values, columns: ReadonlySet<string>, siblings: readonly Values[]): Values | LiveForeignKey {
    const again = this.columns.some((column) => columns.has(column)) ? columns : new Set(this.columns)
    const redrawsKeys = this.#parents.some(({ key }) => key.columns.some((column) => again.has(column)))
    const fixed = redrawsKeys ? this.#refer(this.#draw(0, 1), this.#draw(0, 1_000)) : new Map()
    if (!isValues(fixed)) return fixed
    return this.#complete(fixed, siblings, this.#draw(0, siblings.length), (column) => (again.has(column) ? this.#gamble(column) : (draft.get(column) ?? null)))
  }

  /** The database took no null there, whatever the catalogue says. */
  forbidNull(column: string): void {
    this.#nullable.delete(column)
  }

  #refer(position: number, start: number): Values | LiveForeignKey {
    const parents = this.#parents.map(({ key, tuples }, index): ParentKeys => ({ key, tuples, prefersNull: position > 0 && (position + index) % 2 === 0 }))
    return parents.length === 0 ? new Map() : chooseParents(parents, this.#nullable, new Map(), start)
  }

  /** What was chosen for keys to other tables is there; the rest is added, references of the table to itself last. */
  #complete(fixed: Values, siblings: readonly Values[], start: number, value: (column: string) => SqlValue): Values | LiveForeignKey {
    const own = this.#table.foreignKeys.filter((key) => key.references.table === this.#table.name)
    const referring = new Set(own.flatMap((key) => key.columns).filter((column) => !own.some((key) => key.references.columns.includes(column))))
    const draft = new Map([...fixed, ...this.columns.filter((column) => !fixed.has(column) && !referring.has(column)).map((column): [string, SqlValue] => [column, value(column)])])
    if (own.length === 0) return draft
    const pick = (row: Values, key: LiveForeignKey): readonly SqlValue[] => key.references.columns.map((column) => row.get(column) ?? null)
    // From the start, the row itself comes last: it is what always is there.
    const parents = own.map((key): ParentKeys => ({ key, tuples: [...siblings, draft].map((row) => pick(row, key)), prefersNull: siblings.length === 0 }))
    return chooseParents(parents, this.#nullable, draft, start)
  }

  /** Row 0 is an ordinary one. After it, columns take turns with null and edges, so that no row is all of one kind. */
  #plan(column: string, position: number): SqlValue {
    const near = this.#near.get(column) ?? []
    const edges = this.#values.get(column)?.edges ?? []
    // Of the rows 1 and 2, one is null.
    const step = position < 2 ? position : position - 1
    const isNew = position > 2 && step <= edges.length
    const turn = position === 0 ? 'ordinary' : isNew ? 'edge' : turns[(position + this.columns.indexOf(column)) % (position < 3 ? 2 : 3)]
    if (turn === 'null' && this.#nullable.has(column)) return null
    if (near.length > 0) return this.#inTurn(column, near, step)
    return turn === 'edge' ? this.#inTurn(column, edges, step) : this.#ordinary(column)
  }

  /** One after the other, so that none is left out when there are rows enough. */
  #inTurn(column: string, values: readonly SqlValue[], step: number): SqlValue {
    return values[((this.#start.get(column) ?? 0) + step) % values.length] ?? null
  }

  #gamble(column: string): SqlValue {
    const near = this.#near.get(column) ?? []
    const luck = this.#draw(0, 7)
    if (luck === 0 && this.#nullable.has(column)) return null
    if (luck <= 3 && near.length > 0) return oneOf(near, this.#draw)
    return luck <= 5 ? this.#ordinary(column) : this.#edge(column)
  }

  #ordinary(column: string): SqlValue {
    return this.#values.get(column)?.ordinary(this.#draw) ?? null
  }

  #edge(column: string): SqlValue {
    return oneOf(this.#values.get(column)?.edges ?? [], this.#draw)
  }

  #nearChecks(column: LiveColumn): [string, readonly SqlValue[]][] {
    const checks = this.#table.checks.filter((check) => columnsOf(check.expression, this.#table).includes(column.name))
    const values = enumValuesOf(this.#table, column)
    return checks.length === 0 ? [] : [[column.name, values.length > 0 ? values : valuesNear(checks, column, this.#draw)]]
  }
}

/** The values of an enum, none for another column. Most enums are texts with a check. */
export function enumValuesOf(table: LiveTable, { name, type }: LiveColumn): readonly string[] {
  if (type.kind === 'enum') return type.values
  return table.checks.map((check) => readEnumCheck(check.expression, name)?.values ?? []).find((values) => values.length > 0) ?? []
}

const turns = ['null', 'edge', 'ordinary'] as const

/** An enum can have hundreds of values. */
const mostRows = 40

export function isValues(draft: Values | LiveForeignKey): draft is Values {
  return draft instanceof Map
}
