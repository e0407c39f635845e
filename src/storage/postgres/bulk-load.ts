/**
 * Rows brought into a PostgreSQL database as they were in another one, in any order: foreign keys are taken away and come
 * back when the rows are there. Numbers that the database gives itself go on after them.
 */
import type { LiveForeignKey, LiveSchema } from '../../schema/introspect.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { Storage, Transaction } from '../storage.ts'

/**
 * Runs `load` in a transaction and commits it.
 *
 * @param load gives true when rows may be missing, so that those which refer to them have to go
 */
export function postgresBulkLoad(shadow: Storage, schema: LiveSchema, load: (tx: Transaction) => Promise<boolean>): Promise<void> {
  return shadow.transaction(async (tx) => {
    const { rows: keys } = await tx.query<{ holder: string; name: string; definition: string }>({ sql: foreignKeysQuery })
    for (const { holder, name } of keys) await tx.query({ sql: `alter table ${holder} drop constraint ${id(name)}` })
    if (await load(tx)) await deleteOrphans(tx, schema)
    for (const { holder, name, definition } of keys) await tx.query({ sql: `alter table ${holder} add constraint ${id(name)} ${definition}` })
    const { rows: counters } = await tx.query<{ holder: string; name: string; sequence: string }>({ sql: countersQuery })
    for (const { holder, name, sequence } of counters) {
      await tx.query({ sql: `select setval($1::regclass, greatest(max(${id(name)}), 1)::bigint, count(*) > 0) from ${holder}`, parameters: [sequence] })
    }
  })
}

const foreignKeysQuery = `select conrelid::regclass::text as holder, conname as name, pg_get_constraintdef(oid, true) as definition
  from pg_catalog.pg_constraint where contype = 'f' and conparentid = 0 and connamespace = to_regnamespace(quote_ident(current_schema()))`

const countersQuery = `select holder, name, sequence from (select c.oid::regclass::text as holder, a.attname as name, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
  from pg_catalog.pg_class as c join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind = 'r' and c.relnamespace = to_regnamespace(quote_ident(current_schema()))) as columns where sequence is not null`

/** Rows that refer to one that is not there; again and again, since others may refer to them. */
async function deleteOrphans(tx: Transaction, { tables }: LiveSchema): Promise<void> {
  const deletes = [...tables.values()].flatMap((table) => table.foreignKeys.map((key) => orphans(table.name, key)))
  for (let deleted = 1; deleted > 0; ) {
    deleted = 0
    for (const sql of deletes) deleted += (await tx.query({ sql })).affectedRows
  }
}

function orphans(table: string, { columns, references }: LiveForeignKey): string {
  const isSet = columns.map((column) => `child.${id(column)} is not null`)
  const same = columns.map((column, position) => `parent.${id(references.columns[position] ?? '')} = child.${id(column)}`)
  return `delete from ${id(table)} as child where ${isSet.join(' and ')} and not exists (select 1 from ${id(references.table)} as parent where ${same.join(' and ')})`
}
