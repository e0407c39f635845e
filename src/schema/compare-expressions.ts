/**
 * When two expressions of one table, before and after, are the same: by their text in one spelling, else by asking the
 * shadow. Without a shadow, what differs in text is different.
 */
import { normalPostgresExpression } from '../storage/postgres/expression-text.ts'
import { folded } from '../storage/sqlite/ddl-tokens.ts'
import { normalSqliteDefault, normalSqliteExpression } from '../storage/sqlite/expression-text.ts'
import type { Dialect, Storage } from '../storage/storage.ts'
import { type Canonical, type Place, type Surroundings, canonicalExpression } from './expression-probe.ts'
import type { LiveColumn, LiveSchema, LiveTable } from './introspect.ts'

export type Side = 'from' | 'to'

export type Verdict = 'same' | 'different' | { readonly refused: string }

export class ExpressionComparison {
  readonly #dialect: Dialect
  readonly #shadow: Storage | undefined
  readonly #own: Readonly<Record<Side, Surroundings>>
  /** The columns as they are afterwards, and those that are gone. */
  readonly #merged: Surroundings

  constructor(schemas: Readonly<Record<Side, LiveSchema>>, tables: Readonly<Record<Side, LiveTable>>, shadow: Storage | undefined) {
    const { from, to } = tables
    this.#dialect = schemas.to.dialect
    this.#shadow = shadow
    this.#own = { from: { table: from.name, columns: from.columns, enums: schemas.from.enums }, to: { table: to.name, columns: to.columns, enums: schemas.to.enums } }
    const names = new Set(to.columns.map((column) => this.nameKey(column.name)))
    this.#merged = { table: to.name, columns: [...to.columns, ...from.columns.filter((column) => !names.has(this.nameKey(column.name)))], enums: mergedEnums(schemas) }
  }

  /** A name in the form in which the engine compares it. */
  nameKey(name: string): string {
    return nameKey(this.#dialect, name)
  }

  normal(place: Place['kind'], text: string): string {
    const { columns } = this.#merged
    if (this.#dialect === 'postgres') return normalPostgresExpression(text, new Set(columns.filter((column) => column.type.kind === 'text').map((column) => column.name)))
    return place === 'default' ? normalSqliteDefault(text) : normalSqliteExpression(text, new Set(columns.map((column) => folded(column.name))))
  }

  /** What the shadow makes of an expression; its own text where there is no shadow. */
  async canonical(side: Side, place: Place, text: string, ownColumn?: LiveColumn): Promise<Canonical> {
    if (this.#shadow === undefined) return { text: this.normal(place.kind, text) }
    const merged = await canonicalExpression(this.#shadow, this.#merged, place, text)
    if ('text' in merged || side === 'to') return merged
    // It cannot stand in the table as it is afterwards. If it can in the table as it was, it is known to be another.
    const ownPlace = 'column' in place && ownColumn !== undefined ? { ...place, column: ownColumn } : place
    const own = await canonicalExpression(this.#shadow, this.#own.from, ownPlace, text)
    return 'text' in own ? { text: `only before: ${own.text}` } : own
  }

  async compare(place: Place, from: string, to: string, fromColumn?: LiveColumn): Promise<Verdict> {
    if (this.normal(place.kind, from) === this.normal(place.kind, to)) return 'same'
    const before = await this.canonical('from', place, from, fromColumn)
    if ('refused' in before) return before
    const after = await this.canonical('to', place, to)
    if ('refused' in after) return after
    return before.text === after.text ? 'same' : 'different'
  }
}

/** SQLite compares names without regard to the case of ASCII letters. */
export function nameKey(dialect: Dialect, name: string): string {
  return dialect === 'sqlite' ? folded(name) : name
}

/** An expression of either side has to find its values. */
function mergedEnums({ from, to }: Readonly<Record<Side, LiveSchema>>): LiveSchema['enums'] {
  const enums = new Map(to.enums)
  for (const [name, values] of from.enums) enums.set(name, [...new Set([...(enums.get(name) ?? []), ...values])])
  return enums
}
