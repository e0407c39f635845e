import { DataSource, TableColumn } from 'typeorm'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

class ChangeType1767225600000 {
  up(queryRunner) {
    return queryRunner.changeColumn('events', 'amount', new TableColumn({ name: 'amount', type: 'text', isNullable: true }))
  }
}

class SetNotNull1767225600000 {
  up(queryRunner) {
    return queryRunner.changeColumn('events', 'body', new TableColumn({ name: 'body', type: 'text', isNullable: false }))
  }
}

let place

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
  async open({ database }) {
    place = database
    return {}
  },
  async change({ change }) {
    const source = await connect(place, { migrations: [change === 'type' ? ChangeType1767225600000 : SetNotNull1767225600000] })
    try {
      return { ms: await time(() => source.runMigrations()) }
    } finally {
      await source.destroy()
    }
  },
  close: async () => ({}),
})

function connect(database, options) {
  const place = isPostgres(database) ? { type: 'postgres', url: database } : { type: 'better-sqlite3', database }
  return new DataSource({ ...place, ...options }).initialize()
}
