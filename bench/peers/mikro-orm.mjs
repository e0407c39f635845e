/** MikroORM's process: its migrator and its schema generator. */
import { BetterSqliteDriver, EntitySchema, MikroORM } from '@mikro-orm/better-sqlite'
import { Migrator } from '@mikro-orm/migrations'
import Database from 'better-sqlite3'
import { modulesOf, serve, time } from './worker.mjs'

await serve('@mikro-orm/core', {
  async upgrade({ history, database }) {
    // Named as its command names them, which meets the same database.
    const migrationsList = Object.entries(await modulesOf(`${history}/migrations`)).map(([name, module]) => ({ name: `${name}.mjs`, class: module[name] }))
    const orm = await connect(database, { extensions: [Migrator], migrations: { migrationsList, snapshot: false } })
    try {
      return { ms: await time(() => orm.getMigrator().up()) }
    } finally {
      await orm.close()
    }
  },
  async create({ database, schema }) {
    const orm = await connect(database, { entities: declared(schema) })
    await orm.schema.createSchema()
    await orm.close()
    return {}
  },
  async compare({ database, schema }) {
    const orm = await connect(database, { entities: declared(schema) })
    let found
    const ms = await time(async () => {
      found = await orm.schema.getUpdateSchemaMigrationSQL({ wrap: false })
    })
    await orm.close()
    return { ms, changes: found.up.split('\n').filter((line) => line.trim() !== '').length }
  },
  async apply({ database, schema }) {
    const orm = await connect(database, { entities: declared(schema) })
    const { up } = await orm.schema.getUpdateSchemaMigrationSQL({ wrap: false })
    await orm.close()
    new Database(database).exec(up).close()
    return {}
  },
})

function declared(schema) {
  return schema.map(
    ({ name, columns, indexes }) =>
      new EntitySchema({
        name,
        tableName: name,
        properties: Object.fromEntries(columns.map((column) => [column.name, property(column)])),
        indexes: indexes.map((index) => ({ name: index.name, properties: index.columns })),
      }),
  )
}

function property(column) {
  if (column.references !== undefined) return { kind: 'm:1', entity: column.references, fieldName: column.name, nullable: column.nullable, index: false }
  return { type: column.type, primary: column.primaryKey ?? false, autoincrement: false, nullable: column.nullable, ...(column.default === undefined ? {} : { default: column.default }) }
}

function connect(dbName, options) {
  return MikroORM.init({ driver: BetterSqliteDriver, dbName, entities: [], discovery: { warnWhenNoEntities: false }, ...options })
}
