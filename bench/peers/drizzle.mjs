import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { isPostgres, serve, time } from './worker.mjs'

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
})
