/** Knex's process: `knex.migrate`, and its schema builder for a change. */
import Knex from 'knex'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

let opened

await serve('knex', {
  async upgrade({ history, database }) {
    const migrations = await modulesOf(`${history}/migrations`)
    // Named as its command names them, which meets the same database.
    const migrationSource = { getMigrations: async () => Object.keys(migrations), getMigrationName: (name) => `${name}.mjs`, getMigration: (name) => migrations[name] }
    const knex = connect(database)
    try {
      await knex.raw('select 1')
      return { ms: await time(() => knex.migrate.latest({ migrationSource })) }
    } finally {
      await knex.destroy()
    }
  },
  async open({ database }) {
    opened = connect(database)
    await opened.raw('select 1')
    return {}
  },
  async change({ change }) {
    const up = (knex) => knex.schema.alterTable('events', (table) => (change === 'type' ? table.text('amount').alter() : table.dropNullable('body')))
    const migrationSource = { getMigrations: async () => ['change'], getMigrationName: (name) => name, getMigration: () => ({ up, down: () => undefined }) }
    return { ms: await time(() => opened.migrate.latest({ migrationSource })) }
  },
  async close() {
    await opened.destroy()
    return {}
  },
})

function connect(database) {
  return isPostgres(database) ? Knex({ client: 'pg', connection: database }) : Knex({ client: 'better-sqlite3', connection: { filename: database }, useNullAsDefault: true })
}
