/** node-pg-migrate's process. */
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { serve, time } from './worker.mjs'

await serve('node-pg-migrate', {
  // It reads its files in every run; Node keeps the modules.
  async upgrade({ history, database }) {
    const dbClient = new pg.Client({ connectionString: database })
    await dbClient.connect()
    try {
      return { ms: await time(() => runner({ dbClient, dir: history, direction: 'up', migrationsTable: 'pgmigrations', count: Infinity, log: () => undefined })) }
    } finally {
      await dbClient.end()
    }
  },
})
