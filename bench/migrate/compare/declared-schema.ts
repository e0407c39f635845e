/** The neutral schema as a program declares it to Tidemark, and a history that leads to it. */
import { defineRevision, type Revision } from '../../../src/migrate/revision.ts'
import { defineSchema, type Columns, type Schema } from '../../../src/schema/table.ts'
import type { NeutralColumn, NeutralTable } from '../history/neutral.ts'

export function declaredSchema(tables: readonly NeutralTable[]): Schema {
  return defineSchema(Object.fromEntries(tables.map((table) => [table.name, { columns: columnsOf(table), constraints: { indexes: table.indexes } }])))
}

/** A revision a table. */
export function historyOf(tables: readonly NeutralTable[]): readonly Revision[] {
  const id = (position: number): string => position.toString(16).padStart(12, '0')
  return tables.map((table, position) =>
    defineRevision({
      id: id(position), down: position === 0 ? [] : [id(position - 1)], message: `create ${table.name}`, createdAt: '2026-01-01T00:00:00Z',
      upgrade: (op) => op.createTable(table.name, columnsOf(table), { indexes: table.indexes }),
      downgrade: (op) => op.dropTable(table.name),
    }),
  )
}

function columnsOf(table: NeutralTable): Columns {
  return Object.fromEntries(table.columns.map((column) => [column.name, declaredColumn(column)]))
}

function declaredColumn(column: NeutralColumn): Columns[string] {
  const { type, nullable, primaryKey = false, default: value, references } = column
  return {
    definition: {
      type: { kind: type }, nullable, primaryKey, unique: false,
      ...(value === undefined ? {} : { default: { kind: 'value', value } }),
      ...(references === undefined ? {} : { references: { table: references, column: 'id' } }),
    },
  }
}
