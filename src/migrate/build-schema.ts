/**
 * A declared schema as the operations that make it from nothing: enums, then tables in an order in which their foreign
 * keys hold. Keys that close a circle are made afterwards. The same operations serve both dialects.
 */
import { TidemarkError } from '../errors.ts'
import type { ForeignKeyDefinition, Schema, TableDefinition } from '../schema/table.ts'
import type { Storage } from '../storage/storage.ts'
import { applyOperation } from './apply-operation.ts'
import type { Operation } from './operation.ts'

/**
 * The operations that make the schema in an empty database, in the order in which they run.
 *
 * @throws TidemarkError `schema_invalid` when one enum is declared with different values
 */
export function schemaOperations(schema: Schema): Operation[] {
  const enums = [...enumsOf(schema)].map(([name, values]): Operation => ({ kind: 'createEnum', name, values }))
  const later: Operation[] = []
  const made = new Set<string>()
  const tables = inOrder(schema).map((table): Operation => {
    const holds = (key: ForeignKeyDefinition): boolean => made.has(key.references.table) || (key.references.table === table.name && hasKey(table, key.references.columns))
    later.push(...table.foreignKeys.filter((key) => !holds(key)).map((foreignKey): Operation => ({ kind: 'createForeignKey', table: table.name, foreignKey, notValid: false })))
    const definition = { ...table, foreignKeys: table.foreignKeys.filter(holds) }
    made.add(table.name)
    return { kind: 'createTable', table: definition }
  })
  return [...enums, ...tables, ...later]
}

/**
 * Makes the schema in an empty database, wholly or not at all.
 *
 * @throws TidemarkError `schema_invalid`, and `statement_failed` where the engine cannot make it
 */
export async function buildSchema(shadow: Storage, schema: Schema): Promise<void> {
  const operations = schemaOperations(schema)
  await shadow.transaction(
    async (tx) => {
      for (const operation of operations) await applyOperation(tx, operation, () => undefined)
    },
    { foreignKeys: 'suspended' },
  )
}

function enumsOf(schema: Schema): ReadonlyMap<string, readonly string[]> {
  const enums = new Map<string, readonly string[]>()
  for (const { name: table, columns } of schema.tables.values()) {
    for (const { name: column, type } of columns) {
      if (type.kind !== 'enum' || type.name === undefined) continue
      const known = enums.get(type.name)
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(type.values)) {
        throw new TidemarkError('schema_invalid', `Cannot make enum "${type.name}"`, {
          why: `Column "${table}"."${column}" gives it other values than a column before it.`,
          next: 'Declare the values once and use them in both columns.',
          details: { enum: type.name, table, column },
        })
      }
      enums.set(type.name, type.values)
    }
  }
  return enums
}

/** Each table after those it refers to, as far as no circle forbids it; otherwise as declared. */
function inOrder(schema: Schema): readonly TableDefinition[] {
  const ordered = new Set<TableDefinition>()
  const entered = new Set<TableDefinition>()
  const visit = (table: TableDefinition): void => {
    if (entered.has(table)) return
    entered.add(table)
    for (const key of table.foreignKeys) {
      const target = schema.tables.get(key.references.table)
      if (target !== undefined) visit(target)
    }
    ordered.add(table)
  }
  for (const table of schema.tables.values()) visit(table)
  return [...ordered]
}

/** PostgreSQL takes a reference of a table to itself only where the key is part of the table, not an index made after it. */
function hasKey(table: TableDefinition, columns: readonly string[]): boolean {
  const wanted = columns.toSorted().join('\0')
  return [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques].some((key) => key.columns.toSorted().join('\0') === wanted)
}
