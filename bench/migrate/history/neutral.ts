/** Tables and steps in a form that belongs to no tool; each tool's writer puts them into its own words. */

export interface NeutralColumn {
  readonly name: string
  readonly type: 'integer' | 'text'
  readonly nullable: boolean
  /** The only key column; always `id`. */
  readonly primaryKey?: boolean
  readonly default?: number | string
  /** The table whose `id` it holds. */
  readonly references?: string
}

export interface NeutralIndex {
  readonly name: string
  readonly columns: readonly string[]
}

export interface NeutralTable {
  readonly name: string
  readonly columns: readonly NeutralColumn[]
  readonly indexes: readonly NeutralIndex[]
}

export type Step =
  | { readonly kind: 'createTable'; readonly table: string; readonly columns: readonly NeutralColumn[] }
  | { readonly kind: 'dropTable'; readonly table: string }
  | { readonly kind: 'addColumn'; readonly table: string; readonly column: NeutralColumn }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }
  | { readonly kind: 'createIndex'; readonly table: string; readonly index: NeutralIndex }
  | { readonly kind: 'dropIndex'; readonly table: string; readonly name: string }
  /** A data step, in SQL that every engine takes. */
  | { readonly kind: 'statement'; readonly sql: string }

export interface NeutralRevision {
  /** 12 hex digits. */
  readonly id: string
  /** From 1, for tools that go by the order of names. */
  readonly number: number
  readonly message: string
  /** ISO-8601, UTC; a minute after the one before. */
  readonly createdAt: string
  readonly up: readonly Step[]
  readonly down: readonly Step[]
}

export const idColumn: NeutralColumn = { name: 'id', type: 'integer', nullable: false, primaryKey: true }
