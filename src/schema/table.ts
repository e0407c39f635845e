/**
 * Tables and schemas as declared by a program, and the one normal form that DDL, comparison and introspection share:
 * every constraint has a name, made by the naming convention where none was given.
 */
import { TidemarkError } from '../errors.ts'
import { quoteIdentifier, quoteLiteral } from './identifier.ts'
import type { ColumnDefinition, ReferenceOptions, ReferentialAction } from './column.ts'

/** The columns of a table by name, as builders. */
export type Columns = Readonly<Record<string, { readonly definition: ColumnDefinition }>>

/** A column of an index: its name, its name with an order, or an expression in the words of the database. */
export type IndexColumn =
  | string
  | { readonly column: string; readonly order?: 'asc' | 'desc' | undefined }
  | { readonly expression: string; readonly order?: 'asc' | 'desc' | undefined }

/** What a foreign key refers to. */
export interface ForeignKeyTarget {
  readonly table: string
  readonly columns: readonly string[]
}

/** What a table has besides its columns. Names that are left out follow the naming convention. */
export interface TableConstraints {
  readonly primaryKey?: readonly string[] | undefined
  readonly uniques?: readonly { readonly name?: string; readonly columns: readonly string[] }[] | undefined
  readonly indexes?: readonly { readonly name?: string; readonly columns: readonly IndexColumn[]; readonly unique?: boolean; readonly where?: string }[] | undefined
  readonly checks?: readonly { readonly name?: string; readonly expression: string }[] | undefined
  readonly foreignKeys?: readonly (ReferenceOptions & { readonly name?: string; readonly columns: readonly string[]; readonly references: ForeignKeyTarget })[] | undefined
  readonly comment?: string | undefined
}

/** A table as it was declared; made by `table`. */
export interface TableDeclaration<C extends Columns = Columns> {
  readonly columns: C
  readonly constraints: TableConstraints
}

/** A column of a table in its normal form. */
export interface NamedColumn extends ColumnDefinition {
  readonly name: string
  /** Of a table that was read back: a type that no builder makes, in the words of its engine; `type` is the nearest that one makes. */
  readonly declaredType?: string | undefined
}
/** A primary key or a unique constraint in its normal form. */
export interface KeyDefinition { readonly name: string; readonly columns: readonly string[] }
/** An index in its normal form. */
export interface IndexDefinition { readonly name: string; readonly columns: readonly Exclude<IndexColumn, string>[]; readonly unique: boolean; readonly where?: string | undefined }
/** A check in its normal form. */
export interface CheckDefinition {
  readonly name: string
  readonly expression: string
  /** The column whose enum values it spells out; engines with enum types leave it out where the enum has a name. */
  readonly enumOf?: string | undefined
}
/** A foreign key in its normal form. */
export interface ForeignKeyDefinition extends KeyDefinition {
  readonly references: ForeignKeyTarget
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
}

/** The normal form of a table. Column order is declaration order; everything is named. */
export interface TableDefinition {
  readonly name: string
  readonly columns: readonly NamedColumn[]
  readonly primaryKey?: KeyDefinition | undefined
  readonly uniques: readonly KeyDefinition[]
  readonly indexes: readonly IndexDefinition[]
  readonly checks: readonly CheckDefinition[]
  readonly foreignKeys: readonly ForeignKeyDefinition[]
  readonly comment?: string | undefined
}

/** `%` stands for table and columns joined by `_`. */
export interface NamingConvention {
  readonly primaryKey: string
  readonly index: string
  readonly unique: string
  readonly foreignKey: string
  readonly check: string
}

/** The naming convention of a schema that gives none: `pk_<table>`, `ix_<table>_<columns>` and so on. */
export const defaultNaming: NamingConvention = { primaryKey: 'pk_%', index: 'ix_%', unique: 'uq_%', foreignKey: 'fk_%', check: 'ck_%' }

/** All tables of a program, and the convention that names their constraints. */
export interface Schema<T extends Readonly<Record<string, TableDeclaration>> = Readonly<Record<string, TableDeclaration>>> {
  /** Types only; never set. */
  readonly $tables?: T
  readonly tables: ReadonlyMap<string, TableDefinition>
  readonly naming: NamingConvention
}

/** Declares a table: its columns and, where needed, keys, indexes, checks and foreign keys. */
export function table<const C extends Columns>(columns: C, constraints: TableConstraints = {}): TableDeclaration<C> {
  return { columns, constraints }
}

/**
 * Declares a schema; row types are inferred from it (`Row<typeof schema, 'users'>`).
 *
 * @throws TidemarkError `schema_invalid` when a key, index or foreign key names a column or table that is not there
 */
export function defineSchema<const T extends Readonly<Record<string, TableDeclaration>>>(
  tables: T,
  options: { readonly naming?: Partial<NamingConvention> } = {},
): Schema<T> {
  const naming = { ...defaultNaming, ...options.naming }
  const normal = new Map<string, TableDefinition>()
  for (const [name, declaration] of Object.entries(tables)) {
    normal.set(name, normalizeTable(name, declaration.columns, declaration.constraints, naming))
  }
  for (const definition of normal.values()) {
    for (const key of definition.foreignKeys) {
      const target = normal.get(key.references.table)
      if (target === undefined) throw invalid(definition.name, `foreign key "${key.name}" refers to table "${key.references.table}", which the schema does not have`)
      requireColumns(target, key.references.columns, `foreign key "${key.name}" of table "${definition.name}"`)
    }
  }
  return { tables: normal, naming }
}

/**
 * The normal form of a table as `op.createTable` and `defineSchema` share it.
 *
 * @throws TidemarkError `schema_invalid`
 */
export function normalizeTable(name: string, columns: Columns, constraints: TableConstraints, naming: NamingConvention = defaultNaming): TableDefinition {
  const named: NamedColumn[] = Object.entries(columns).map(([column, builder]) => ({ name: column, ...builder.definition }))
  if (named.length === 0) throw invalid(name, 'it has no columns')
  const fromColumns = named.filter((column) => column.primaryKey).map((column) => column.name)
  if (fromColumns.length > 0 && constraints.primaryKey !== undefined) throw invalid(name, 'its primary key is given twice, on a column and on the table')
  const keyColumns = constraints.primaryKey ?? fromColumns
  const inKey = new Set(keyColumns)
  const make = (pattern: string, parts: readonly string[]): string => constraintName(pattern, [name, ...parts])
  const definition: TableDefinition = {
    name,
    columns: named.map((column) => (inKey.has(column.name) ? { ...column, nullable: false, primaryKey: true } : column)),
    primaryKey: keyColumns.length === 0 ? undefined : { name: make(naming.primaryKey, []), columns: keyColumns },
    uniques: [
      ...named.filter((column) => column.unique).map((column) => ({ name: make(naming.unique, [column.name]), columns: [column.name] })),
      ...(constraints.uniques ?? []).map((unique) => ({ name: unique.name ?? make(naming.unique, unique.columns), columns: unique.columns })),
    ],
    indexes: (constraints.indexes ?? []).map((index) => {
      const parts = index.columns.map((column) => (typeof column === 'string' ? { column } : column))
      const label = parts.map((part) => ('column' in part ? part.column : 'expr'))
      return { name: index.name ?? make(naming.index, label), columns: parts, unique: index.unique ?? false, where: index.where }
    }),
    checks: [
      ...named.flatMap((column) => enumCheck(name, column, naming) ?? []),
      ...(constraints.checks ?? []).map((check, position) => ({ name: check.name ?? make(naming.check, [String(position + 1)]), expression: check.expression })),
    ],
    foreignKeys: [
      ...named.flatMap((column) => {
        if (column.references === undefined) return []
        const { table: target, column: targetColumn, onDelete, onUpdate } = column.references
        return [foreignKey(make(naming.foreignKey, [column.name]), [column.name], { table: target, columns: [targetColumn] }, { onDelete, onUpdate })]
      }),
      ...(constraints.foreignKeys ?? []).map((key) => foreignKey(key.name ?? make(naming.foreignKey, key.columns), key.columns, key.references, key)),
    ],
    comment: constraints.comment,
  }
  requireColumns(definition, keyColumns, 'its primary key')
  for (const unique of definition.uniques) requireColumns(definition, unique.columns, `unique "${unique.name}"`)
  for (const index of definition.indexes) requireColumns(definition, index.columns.flatMap((part) => ('column' in part ? [part.column] : [])), `index "${index.name}"`)
  for (const key of definition.foreignKeys) requireColumns(definition, key.columns, `foreign key "${key.name}"`)
  return definition
}

/**
 * A name by the convention. PostgreSQL cuts names at 63 bytes without a word, so a longer one ends in a hash of itself
 * instead: two long names that differ only at their end stay different, on every engine.
 */
export function constraintName(pattern: string, parts: readonly string[]): string {
  const name = pattern.replace('%', () => parts.join('_'))
  const bytes = new TextEncoder().encode(name)
  if (bytes.length <= 63) return name
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  // As a stream: half a character at the end is not given out.
  const kept = new TextDecoder().decode(bytes.subarray(0, 54), { stream: true })
  return `${kept}_${(hash >>> 0).toString(16).padStart(8, '0')}`
}

/** The check that holds an enum column to its values. Its name ends in the name of the enum, where that has one. */
export function enumCheck(table: string, column: Pick<NamedColumn, 'name' | 'type'>, naming: NamingConvention = defaultNaming): CheckDefinition | undefined {
  if (column.type.kind !== 'enum') return undefined
  const values = column.type.values.map(quoteLiteral).join(', ')
  return {
    name: constraintName(naming.check, [table, column.name, column.type.name ?? 'enum']),
    expression: `${quoteIdentifier(column.name)} in (${values})`,
    enumOf: column.name,
  }
}

export function foreignKey(name: string, columns: readonly string[], references: ForeignKeyTarget, options: ReferenceOptions): ForeignKeyDefinition {
  return { name, columns, references, onDelete: options.onDelete ?? 'no action', onUpdate: options.onUpdate ?? 'no action' }
}

function requireColumns(table: TableDefinition, columns: readonly string[], holder: string): void {
  for (const column of columns) {
    if (!table.columns.some((candidate) => candidate.name === column)) throw invalid(table.name, `${holder} names column "${column}", which is not there`)
  }
}

function invalid(tableName: string, why: string): TidemarkError {
  return new TidemarkError('schema_invalid', `Cannot use the declaration of table "${tableName}"`, {
    why: `Reason: ${why}.`,
    next: 'Correct the declaration; names are compared exactly.',
    details: { table: tableName },
  })
}
