/** umzug's process, and the command that it does not have. */
import Database from 'better-sqlite3'
import pg from 'pg'
import { Umzug } from 'umzug'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

await serve('umzug', {
  async upgrade({ history, database }) {
    const migrations = Object.entries(await modulesOf(history)).map(([name, { up, down }]) => ({ name, up, down }))
    const { run, close } = await connect(database)
    try {
      return { ms: await time(() => new Umzug({ migrations, context: { run }, storage: tableStorage(run), logger: undefined }).up()) }
    } finally {
      await close()
    }
  },
})

/** umzug ships no storage on a bare driver: a table of names, as its documentation shows. */
function tableStorage(run) {
  return {
    async executed() {
      await run('create table if not exists umzug (name text primary key)')
      return (await run('select name from umzug order by name')).map((row) => row.name)
    },
    logMigration: ({ name }) => run(`insert into umzug (name) values ('${name}')`),
    unlogMigration: ({ name }) => run(`delete from umzug where name = '${name}'`),
  }
}

async function connect(database) {
  if (!isPostgres(database)) {
    const client = new Database(database)
    const run = async (text) => {
      const statement = client.prepare(text)
      return statement.reader ? statement.all() : (statement.run(), [])
    }
    return { run, close: async () => client.close() }
  }
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  return { run: async (text) => (await client.query(text)).rows, close: () => client.end() }
}
