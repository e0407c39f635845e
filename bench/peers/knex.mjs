import Knex from 'knex'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

await serve('knex', {
  async upgrade({ history, database }) {
    const migrations = await modulesOf(`${history}/migrations`)
    const migrationSource = { getMigrations: async () => Object.keys(migrations), getMigrationName: (name) => name, getMigration: (name) => migrations[name] }
    const knex = connect(database)
    try {
      await knex.raw('select 1')
      return { ms: await time(() => knex.migrate.latest({ migrationSource })) }
    } finally {
      await knex.destroy()
    }
  },
})

function connect(database) {
  return isPostgres(database) ? Knex({ client: 'pg', connection: database }) : Knex({ client: 'better-sqlite3', connection: { filename: database }, useNullAsDefault: true })
}
