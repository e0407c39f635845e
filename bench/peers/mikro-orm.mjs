import { BetterSqliteDriver, MikroORM } from '@mikro-orm/better-sqlite'
import { Migrator } from '@mikro-orm/migrations'
import { modulesOf, serve, time } from './worker.mjs'

await serve('@mikro-orm/core', {
  async upgrade({ history, database }) {
    const migrationsList = Object.entries(await modulesOf(`${history}/migrations`)).map(([name, module]) => ({ name, class: module[name] }))
    const orm = await connect(database, { extensions: [Migrator], migrations: { migrationsList, snapshot: false } })
    try {
      return { ms: await time(() => orm.getMigrator().up()) }
    } finally {
      await orm.close()
    }
  },
})

function connect(dbName, options) {
  return MikroORM.init({ driver: BetterSqliteDriver, dbName, entities: [], discovery: { warnWhenNoEntities: false }, ...options })
}
