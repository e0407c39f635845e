/**
 * What PostgreSQL refuses inside a transaction, run outside of one. Nothing is rolled back there, so indexes are looked at
 * first: what an interrupted build left behind is dropped and built again, and one that is whole counts as done.
 */
import { type Operation, isConcurrent } from '../../migrate/operation.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { Queryable, Statement } from '../storage.ts'
import { postgresStatements } from './ddl.ts'

/** @param report told of each changing statement just before it runs */
export async function runOutside(queryable: Queryable, operation: Operation, report: (statement: Statement) => void): Promise<void> {
  const left = operation.kind === 'createIndex' && isConcurrent(operation) ? await indexLeft(queryable, operation) : 'none'
  if (left === 'whole') return
  const drop = left === 'invalid' && operation.kind === 'createIndex' ? [{ sql: `drop index concurrently ${id(operation.index.name)}` }] : []
  for (const statement of [...drop, ...postgresStatements(operation)]) {
    report(statement)
    await queryable.query(statement)
  }
}

/** `none` also where the name belongs to something else, so that building it fails as it should. */
async function indexLeft(queryable: Queryable, { table, index }: Extract<Operation, { kind: 'createIndex' }>): Promise<'none' | 'invalid' | 'whole'> {
  const { rows } = await queryable.query<{ valid: boolean; unique: boolean; columns: number; partial: boolean }>({
    sql: `select i.indisvalid as valid, i.indisunique as unique, i.indnkeyatts::integer as columns, i.indpred is not null as partial
      from pg_class as c join pg_index as i on i.indexrelid = c.oid where c.relname = $1 and i.indrelid = to_regclass($2)`,
    parameters: [index.name, id(table)],
  })
  const [found] = rows
  if (found === undefined) return 'none'
  if (!found.valid) return 'invalid'
  const isSame = found.unique === index.unique && found.columns === index.columns.length && found.partial === (index.where !== undefined)
  return isSame ? 'whole' : 'none'
}
