import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import pg from 'pg'
import { isPostgres, serve, time } from './worker.mjs'

let opened

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
