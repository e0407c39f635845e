import 'reflect-metadata'
import { DataSource } from 'typeorm'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

await serve('typeorm', {
  async upgrade({ history, database }) {
    const migrations = Object.values(await modulesOf(`${history}/migrations`)).flatMap((module) => Object.values(module))
    const source = await connect(database, { migrations })
    try {
      return { ms: await time(() => source.runMigrations()) }
    } finally {
      await source.destroy()
    }
  },
})

function connect(database, options) {
  const place = isPostgres(database) ? { type: 'postgres', url: database } : { type: 'better-sqlite3', database }
  return new DataSource({ ...place, ...options }).initialize()
}
