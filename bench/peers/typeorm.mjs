/** TypeORM's process: its migrations, its schema builder, and its query runner for a change. */
import { DataSource, EntitySchema, TableColumn } from 'typeorm'
import { isPostgres, modulesOf, serve, time } from './worker.mjs'

function declared(schema) {
  return schema.map(
    ({ name, columns, indexes }) =>
      new EntitySchema({
        name,
        tableName: name,
        columns: Object.fromEntries(columns.map((column) => [column.name, { type: column.type, primary: column.primaryKey ?? false, nullable: column.nullable, ...(column.default === undefined ? {} : { default: column.default }) }])),
        indices: indexes,
        foreignKeys: columns.filter((column) => column.references !== undefined).map((column) => ({ target: column.references, columnNames: [column.name], referencedColumnNames: ['id'] })),
      }),
  )
}

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
  async create({ database, schema }) {
    const source = await connect(database, { entities: declared(schema) })
    await source.synchronize()
    await source.destroy()
    return {}
  },
  async compare({ database, schema }) {
    const source = await connect(database, { entities: declared(schema) })
    let found
    const ms = await time(async () => {
      found = await source.driver.createSchemaBuilder().log()
    })
    await source.destroy()
    return { ms, changes: found.upQueries.length }
  },
  async apply({ database, schema }) {
    const source = await connect(database, { entities: declared(schema) })
    const { upQueries } = await source.driver.createSchemaBuilder().log()
    source.migrations.push(
      new (class Found1767225600000 {
        async up(queryRunner) {
          for (const { query, parameters } of upQueries) await queryRunner.query(query, parameters)
        }
      })(),
    )
    await source.runMigrations()
    await source.destroy()
    return {}
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
