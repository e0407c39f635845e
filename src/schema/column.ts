/**
 * Column builders: `c.text().notNull()`. A builder is immutable, knows its TypeScript types, and carries a plain
 * `ColumnDefinition` that revisions, DDL and comparison read. It knows no dialect.
 */
import type { JsonValue } from '../storage/storage.ts'

/** The type of a column, whatever each engine calls it. */
export type ColumnType =
  | { readonly kind: 'integer' | 'bigint' | 'real' | 'boolean' | 'instant' | 'date' | 'json' | 'bytes' | 'uuid' }
  | { readonly kind: 'numeric'; readonly precision?: number | undefined; readonly scale?: number | undefined }
  | { readonly kind: 'text'; readonly length?: number | undefined }
  | { readonly kind: 'enum'; readonly values: readonly string[]; readonly name?: string | undefined }

/** A value that can be the default of a column. */
export type DefaultValue = string | number | bigint | boolean | JsonValue

/** What a row gets that does not say: a value, the moment of the insert, or words of the database. */
export type ColumnDefault =
  | { readonly kind: 'value'; readonly value: DefaultValue }
  | { readonly kind: 'now' }
  | { readonly kind: 'sql'; readonly sql: string }

/** What a foreign key does to the rows that refer to a changed one. */
export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'

/** What becomes of rows whose parent goes or gets another key. Default `no action`. */
export interface ReferenceOptions {
  readonly onDelete?: ReferentialAction | undefined
  readonly onUpdate?: ReferentialAction | undefined
}

/** A foreign key of one column. */
export interface ColumnReference extends ReferenceOptions {
  readonly table: string
  readonly column: string
}

/** A column as plain data, without its name. */
export interface ColumnDefinition {
  readonly type: ColumnType
  readonly nullable: boolean
  readonly primaryKey: boolean
  readonly unique: boolean
  readonly default?: ColumnDefault | undefined
  readonly generated?: { readonly expression: string; readonly stored: boolean } | undefined
  readonly references?: ColumnReference | undefined
  readonly comment?: string | undefined
}

/** How an insert treats the column: may be left out for null, must be given, may be left out for its default, never given. */
export type InsertMode = 'nullable' | 'required' | 'optional' | 'never'
type WhenNotNull<Mode extends InsertMode> = Mode extends 'nullable' ? 'required' : Mode

/** A column as it is declared, step by step; each step gives a new builder. */
export class ColumnBuilder<Value, Nullable extends boolean = true, Mode extends InsertMode = 'nullable'> {
  /** Types only; never set. */
  declare readonly $types: { readonly value: Value; readonly nullable: Nullable; readonly mode: Mode }
  /** What was declared, as plain data. */
  readonly definition: ColumnDefinition

  constructor(definition: ColumnDefinition) {
    this.definition = definition
  }

  /** Refuses null: an insert has to give a value where there is no default. */
  notNull(): ColumnBuilder<Value, false, WhenNotNull<Mode>> {
    return this.#with({ nullable: false })
  }

  /** Alone the table's primary key; several columns are given as `primaryKey` of the table. Implies not null. */
  primaryKey(): ColumnBuilder<Value, false, WhenNotNull<Mode>> {
    return this.#with({ nullable: false, primaryKey: true })
  }

  /** No two rows have the same value. Several columns together are given as `uniques` of the table. */
  unique(): ColumnBuilder<Value, Nullable, Mode> {
    return this.#with({ unique: true })
  }

  /** A foreign key of this column alone. Several columns are given as `foreignKeys` of the table. */
  references(table: string, column: string, options: ReferenceOptions = {}): ColumnBuilder<Value, Nullable, Mode> {
    return this.#with({ references: { table, column, ...options } })
  }

  /** What a row gets that does not say. */
  default(value: Value & DefaultValue): ColumnBuilder<Value, Nullable, 'optional'> {
    return this.#with({ default: { kind: 'value', value } })
  }

  /** The moment of the insert, as the engine's clock has it. */
  defaultNow(): ColumnBuilder<Value, Nullable, 'optional'> {
    return this.#with({ default: { kind: 'now' } })
  }

  /** A default in the words of the database. The text goes into the DDL as it is: never build it from user input. */
  defaultSql(sql: string): ColumnBuilder<Value, Nullable, 'optional'> {
    return this.#with({ default: { kind: 'sql', sql } })
  }

  /** Computed by the database from other columns. Stored unless `stored: false`. */
  generated(expression: string, options: { readonly stored?: boolean } = {}): ColumnBuilder<Value, Nullable, 'never'> {
    return this.#with({ generated: { expression, stored: options.stored ?? true } })
  }

  /** What the column means, for whoever looks at the database. SQLite keeps no comments. */
  comment(text: string): ColumnBuilder<Value, Nullable, Mode> {
    return this.#with({ comment: text })
  }

  #with<N extends boolean, M extends InsertMode>(change: Partial<ColumnDefinition>): ColumnBuilder<Value, N, M> {
    return new ColumnBuilder<Value, N, M>({ ...this.definition, ...change })
  }
}

function column<Value>(type: ColumnType): ColumnBuilder<Value> {
  return new ColumnBuilder<Value>({ type, nullable: true, primaryKey: false, unique: false })
}

/** The column builders. Each gives a nullable column; `notNull()`, `default()` and the like narrow it. */
export const c = {
  /** 32-bit on PostgreSQL, 64-bit on SQLite. */
  integer: (): ColumnBuilder<number> => column({ kind: 'integer' }),
  /** 64-bit. A number in rows; a bigint only past 2^53. */
  bigint: (): ColumnBuilder<number> => column({ kind: 'bigint' }),
  real: (): ColumnBuilder<number> => column({ kind: 'real' }),
  numeric: (precision?: number, scale?: number): ColumnBuilder<number> => column({ kind: 'numeric', precision, scale }),
  text: (options: { readonly length?: number } = {}): ColumnBuilder<string> => column({ kind: 'text', length: options.length }),
  boolean: (): ColumnBuilder<boolean> => column({ kind: 'boolean' }),
  /** A point in time; UTC ISO-8601 text with milliseconds in rows. */
  instant: (): ColumnBuilder<string> => column({ kind: 'instant' }),
  /** A calendar day; `YYYY-MM-DD` in rows. */
  date: (): ColumnBuilder<string> => column({ kind: 'date' }),
  json: <T = JsonValue>(): ColumnBuilder<T> => column({ kind: 'json' }),
  bytes: (): ColumnBuilder<Uint8Array> => column({ kind: 'bytes' }),
  uuid: (): ColumnBuilder<string> => column({ kind: 'uuid' }),
  enum: <const V extends string>(values: readonly V[], options: { readonly name?: string } = {}): ColumnBuilder<V> =>
    column({ kind: 'enum', values, name: options.name }),
}
