/** Drizzle's process: its migrator, and the generator of drizzle-kit. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import pg from 'pg'
import { isPostgres, serve, time } from './worker.mjs'

let opened
/** By database. */
const snapshots = new Map()

await serve('drizzle-orm', {
  // It reads its files in every run; there is no way to hand them over.
  async upgrade({ history, database }) {
    const migrationsFolder = `${history}/migrations`
    if (isPostgres(database)) {
      const client = new pg.Client({ connectionString: database })
      await client.connect()
      try {
        return { ms: await time(() => migratePostgres(drizzlePostgres(client), { migrationsFolder })) }
      } finally {
        await client.end()
      }
    }
    const client = new Database(database)
    try {
      return { ms: await time(async () => migrate(drizzle(client), { migrationsFolder })) }
    } finally {
      client.close()
    }
  },
  async create({ database, schema }) {
    const snapshot = await generateSQLiteDrizzleJson(declared(schema))
    run(database, await generateSQLiteMigration(await generateSQLiteDrizzleJson({}), snapshot))
    snapshots.set(database, snapshot)
    return {}
  },
  /** It compares with the snapshot that it wrote last time; the database is not looked at. */
  async compare({ database, schema }) {
    const tables = declared(schema)
    let statements
    const ms = await time(async () => {
      statements = await generateSQLiteMigration(snapshots.get(database), await generateSQLiteDrizzleJson(tables))
    })
    return { ms, changes: statements.length }
  },
  async apply({ database, schema }) {
    const snapshot = await generateSQLiteDrizzleJson(declared(schema))
    run(database, await generateSQLiteMigration(snapshots.get(database), snapshot))
    snapshots.set(database, snapshot)
    return {}
  },
  async open({ database }) {
    opened = new Database(database)
    return {}
  },
  /** What `drizzle-kit generate` writes for the change, run by its migrator. */
  async change({ change }) {
    const statements = await statementsBetween(eventsSchema('none'), eventsSchema(change))
    const migrationsFolder = writeMigration(statements)
    try {
      return { ms: await time(async () => migrate(drizzle(opened), { migrationsFolder })) }
    } finally {
      rmSync(migrationsFolder, { recursive: true })
    }
  },
  async close() {
    opened.close()
    return {}
  },
})

/** As its migrator does: all in one transaction. */
function run(database, statements) {
  const client = new Database(database)
  client.transaction(() => statements.forEach((statement) => client.exec(statement)))()
  client.close()
}

function declared(schema) {
  const tables = {}
  for (const { name, columns, indexes } of schema) {
    const made = columns.map((column) => {
      let builder = column.type === 'integer' ? integer(column.name) : text(column.name)
      if (column.primaryKey) builder = builder.primaryKey()
      else if (!column.nullable) builder = builder.notNull()
      if (column.default !== undefined) builder = builder.default(column.default)
      if (column.references !== undefined) builder = builder.references(() => tables[column.references].id)
      return [column.name, builder]
    })
    tables[name] = sqliteTable(name, Object.fromEntries(made), (table) => indexes.map((each) => index(each.name).on(...each.columns.map((column) => table[column]))))
  }
  return tables
}

function eventsSchema(change) {
  const accounts = sqliteTable('accounts', { id: integer('id').primaryKey() })
  const events = sqliteTable(
    'events',
    {
      id: integer('id').primaryKey(),
      kind: text('kind').notNull(),
      amount: change === 'type' ? text('amount') : integer('amount'),
      body: change === 'not null' ? text('body').notNull() : text('body'),
      account_id: integer('account_id').references(() => accounts.id, { onDelete: 'cascade' }),
    },
    (table) => [index('ix_events_kind').on(table.kind), index('ix_events_big').on(table.amount).where(sql`amount > 900`)],
  )
  const notes = sqliteTable('notes', { id: integer('id').primaryKey(), event_id: integer('event_id').notNull().references(() => events.id, { onDelete: 'cascade' }), text: text('text') })
  const event_log = sqliteTable('event_log', { event_id: integer('event_id').notNull() })
  return { accounts, events, notes, event_log }
}

async function statementsBetween(before, after) {
  return generateSQLiteMigration(await generateSQLiteDrizzleJson(before), await generateSQLiteDrizzleJson(after))
}

function writeMigration(statements) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-drizzle-'))
  mkdirSync(join(folder, 'meta'))
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'sqlite', entries: [{ idx: 0, version: '6', when: 1, tag: '0000_change', breakpoints: true }] }))
  writeFileSync(join(folder, '0000_change.sql'), statements.join('\n--> statement-breakpoint\n'))
  return folder
}
