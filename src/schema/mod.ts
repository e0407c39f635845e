/** `tidemark/schema`: declare tables once and get their row types; read the schema of a live database; compare two. */
export { c } from './column.ts'
export { defaultNaming, defineSchema, table } from './table.ts'
export type {
  ColumnBuilder, ColumnDefault, ColumnDefinition, ColumnReference, ColumnType, DefaultValue, InsertMode, ReferenceOptions, ReferentialAction,
} from './column.ts'
export type {
  CheckDefinition, Columns, ForeignKeyDefinition, ForeignKeyTarget, IndexColumn, IndexDefinition, KeyDefinition, NamedColumn,
  NamingConvention, Schema, TableConstraints, TableDeclaration, TableDefinition,
} from './table.ts'
export type { Database, Insert, Row } from './types.ts'
export { introspect } from './introspect.ts'
export { compareSchemas } from './compare-schemas.ts'
export { describeDifference } from './describe-difference.ts'
export type { CompareOptions } from './compare-schemas.ts'
export type { ColumnAspect, NotComparable, SchemaComparison, SchemaDifference, SchemaScope } from './difference.ts'
export type { Extras, LiveCheck, LiveColumn, LiveForeignKey, LiveIndex, LiveKey, LiveSchema, LiveTable, LiveType } from './introspect.ts'
