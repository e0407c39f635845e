/** Kysely's process, and the command that it does not have. */
import Database from 'better-sqlite3'
import { Kysely, Migrator, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

await serve('kysely', {
  async upgrade({ history, database }) {
    const migrations = await modulesOf(history)
    const dialect = isPostgres(database) ? new PostgresDialect({ pool: new pg.Pool({ connectionString: database }) }) : new SqliteDialect({ database: new Database(database) })
    const db = new Kysely({ dialect })
    try {
      await sql`select 1`.execute(db)
      const ms = await time(async () => {
        const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
        if (error !== undefined) throw new Error('The migration failed', { cause: error })
      })
      return { ms }
    } finally {
      await db.destroy()
    }
  },
})
