/** Files of SQLite, read with sql.js itself. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import initSqlJs, { type Database } from 'sql.js'
import { columnText, type Databases, type Reading, type TableReading } from './databases.ts'

export async function sqliteFiles(): Promise<Databases> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-databases-'))
  const SQL = await initSqlJs()
  let count = 0
  const fresh = (): string => join(folder, `${(count += 1)}.db`)
  return {
    dialect: 'sqlite',
    fresh: async () => fresh(),
    async made(statements) {
      const [file, database] = [fresh(), new SQL.Database()]
      for (const statement of statements) database.run(statement)
      await writeFile(file, database.export())
      database.close()
      return file
    },
    async read(file, tables) {
      return readTables(new SQL.Database(await readFile(file)), tables)
    },
    async values(file, statements) {
      const database = new SQL.Database(await readFile(file))
      const found = statements.map((sql) => {
        try {
          return database.exec(sql)[0]?.values[0]?.[0]
        } catch {
          return null
        }
      })
      database.close()
      return found
    },
    async remove(file) {
      for (const suffix of ['', '-journal', '-wal', '-shm', '-lock']) await rm(`${file}${suffix}`, { force: true })
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Closes the database. */
export function readTables(database: Database, tables: readonly string[]): Reading {
  try {
    const there = new Set(all<{ name: string }>(database, `select name from sqlite_schema where type = 'table'`).map((row) => row.name))
    return Object.fromEntries(tables.filter((table) => there.has(table)).map((table) => [table, readTable(database, table)]))
  } finally {
    database.close()
  }
}

function readTable(database: Database, table: string): TableReading {
  const columns = all<{ name: string; type: string; notnull: number; dflt_value: string | null; pk: number }>(database, `select * from pragma_table_info('${table}')`)
  const indexes = all<{ name: string; columns: string }>(database, `
    select il.name, (select group_concat(name, ', ') from (select name from pragma_index_info(il.name) order by seqno)) as columns
    from pragma_index_list('${table}') il where il.origin = 'c' order by il.name`)
  const keys = all<{ from: string; table: string; to: string | null }>(database, `select * from pragma_foreign_key_list('${table}') order by "from"`)
  return {
    columns: columns.map((column) => columnText({ name: column.name, type: column.type, nullable: column.notnull === 0 && column.pk === 0, default: column.dflt_value })),
    primaryKey: columns.filter((column) => column.pk > 0).map((column) => column.name),
    indexes: indexes.map((index) => `${index.name} (${index.columns})`),
    foreignKeys: keys.map((key) => `${key.from} -> ${key.table}.${key.to ?? 'id'}`),
    rows: all(database, `select * from "${table}" order by id`).map((row) => JSON.stringify(row)),
  }
}

function all<Row>(database: Database, sql: string): Row[] {
  const statement = database.prepare(sql)
  const rows: Row[] = []
  while (statement.step()) rows.push(statement.getAsObject() as Row)
  statement.free()
  return rows
}
