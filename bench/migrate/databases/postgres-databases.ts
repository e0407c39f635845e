/** Databases on a PostgreSQL of its own, which writes without waiting for the disk, for all tools alike. */
import pg from 'pg'
import { createServerFolder } from '../../../test/support/embedded-postgres.ts'
import { columnText, type Databases, type TableReading } from './databases.ts'

export async function postgresDatabases(): Promise<Databases> {
  const server = await createServerFolder()
  await server.start()
  // Alembic's driver knows no other name of the scheme.
  const address = server.url.replace(/^postgres:/, 'postgresql:')
  let count = 0
  const fresh = async (): Promise<string> => {
    const name = `bench_${(count += 1)}`
    await within(`${address}/postgres`, (client) => client.query(`create database ${name}`))
    return `${address}/${name}`
  }
  return {
    dialect: 'postgres',
    fresh,
    async made(statements) {
      const url = await fresh()
      await within(url, (client) => client.query(statements.join(';\n')))
      return url
    },
    read: (url, tables) =>
      within(url, async (client) => {
        const { rows } = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
        const there = rows.map((row) => row.name).filter((name) => tables.includes(name))
        const read: [string, TableReading][] = []
        for (const name of there) read.push([name, await readTable(client, name)])
        return Object.fromEntries(read)
      }),
    values: (url, statements) =>
      within(url, async (client) => {
        const found: unknown[] = []
        for (const sql of statements) found.push(await client.query({ text: sql, rowMode: 'array' }).then(({ rows }) => rows[0]?.[0], () => null))
        return found
      }),
    async remove(url) {
      await within(`${address}/postgres`, (client) => client.query(`drop database ${url.slice(url.lastIndexOf('/') + 1)} with (force)`))
    },
    close: () => server.remove(),
  }
}

async function within<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function readTable(client: pg.Client, table: string): Promise<TableReading> {
  const ask = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => (await client.query<Row>(sql, [table])).rows
  const columns = await ask<{ name: string; type: string; nullable: boolean; default: string | null }>(`
    select column_name as name, data_type as type, is_nullable = 'YES' as nullable, column_default as default
    from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position`)
  const names = (list: string): string => `(select string_agg(attname, ', ' order by place) from unnest(${list}) with ordinality as n (attnum, place) join pg_attribute a on a.attrelid = $1::regclass and a.attnum = n.attnum)`
  const primaryKey = await ask<{ columns: string }>(`select ${names('conkey')} as columns from pg_constraint where conrelid = $1::regclass and contype = 'p'`)
  const indexes = await ask<{ text: string }>(`
    select c.relname || ' (' || ${names('i.indkey::int2[]')} || ')' as text from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = $1::regclass and not exists (select from pg_constraint where conindid = i.indexrelid) order by c.relname`)
  const foreignKeys = await ask<{ text: string }>(`
    select ${names('conkey')} || ' -> ' || confrelid::regclass || '.id' as text from pg_constraint where conrelid = $1::regclass and contype = 'f' order by 1`)
  const rows = await client.query(`select * from "${table}" order by id`)
  return {
    columns: columns.map(columnText),
    primaryKey: primaryKey.map((row) => row.columns),
    indexes: indexes.map((row) => row.text),
    foreignKeys: foreignKeys.map((row) => row.text),
    rows: rows.rows.map((row) => JSON.stringify(row)),
  }
}
