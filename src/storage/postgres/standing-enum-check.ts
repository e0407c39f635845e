/**
 * Finds the check that holds an enum to its values where it has kept its name while table or column got new ones: what
 * gives the column another type has to drop it. Only asks; the statements are made elsewhere.
 */
import type { Operation, TableOperation } from '../../migrate/operation.ts'
import { readEnumCheck } from '../../schema/enum-check.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { Queryable } from '../storage.ts'

/** The operation with the names that such checks have in this database, before it is run. */
export async function withStandingEnumChecks(database: Queryable, operation: Operation): Promise<Operation> {
  if (operation.kind !== 'batch') return operation.kind === 'alterColumn' ? withStanding(database, operation, operation.column) : operation
  const operations: TableOperation[] = []
  // Columns that the batch renames, by their new names.
  const before = new Map<string, string>()
  for (const change of operation.operations) {
    if (change.kind !== 'alterColumn') {
      operations.push(change)
      continue
    }
    const column = before.get(change.column) ?? change.column
    operations.push(await withStanding(database, change, column))
    if (change.change.name !== undefined) before.set(change.change.name, column)
  }
  return { ...operation, operations }
}

type AlterColumn = Extract<TableOperation, { kind: 'alterColumn' }>

async function withStanding(database: Queryable, operation: AlterColumn, column: string): Promise<AlterColumn> {
  const { table, enumCheck } = operation
  if (enumCheck === undefined || !enumCheck.replaces.startsWith(enumCheck.prefix)) return operation
  const { rows } = await database.query<{ name: string; expression: string }>({
    sql: `select conname as name, pg_get_expr(conbin, conrelid) as expression from pg_catalog.pg_constraint where conrelid = to_regclass($1) and contype = 'c' order by conname`,
    parameters: [id(table)],
  })
  // Under whatever names of table and column, it ends alike.
  const end = `_${enumCheck.replaces.slice(enumCheck.prefix.length)}`
  const standing = rows.filter(({ name, expression }) => name.endsWith(end) && readEnumCheck(expression, column) !== undefined).map(({ name }) => name)
  const [replaces] = standing.includes(enumCheck.replaces) ? [enumCheck.replaces] : standing
  return replaces === undefined ? operation : { ...operation, enumCheck: { ...enumCheck, replaces } }
}
