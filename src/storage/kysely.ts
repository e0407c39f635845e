/**
 * Kysely over the port: it builds and types statements, the port runs them. Transactions belong to the port (give the
 * `tx` to `kyselyFor`), migrations to the kit; Kysely's own are refused.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect as KyselyDialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryResult as KyselyResult,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely'
import type { Dialect, Queryable, SqlValue } from './storage.ts'

/**
 * A typed query builder whose statements run on `queryable`: a storage, or a transaction of it. Cheap to make; it holds
 * nothing that must be destroyed.
 *
 * @example
 * await storage.transaction(async (tx) => {
 *   await kyselyFor<Database>(tx, storage.dialect).insertInto('products').values(row).execute()
 * })
 */
export function kyselyFor<DB>(queryable: Queryable, dialect: Dialect): Kysely<DB> {
  return new Kysely<DB>({ dialect: new PortDialect(queryable, dialect) })
}

class PortDialect implements KyselyDialect {
  readonly #queryable: Queryable
  readonly #dialect: Dialect

  constructor(queryable: Queryable, dialect: Dialect) {
    this.#queryable = queryable
    this.#dialect = dialect
  }

  createDriver(): Driver {
    return new PortDriver(this.#queryable)
  }

  createQueryCompiler(): SqliteQueryCompiler | PostgresQueryCompiler {
    return this.#dialect === 'sqlite' ? new SqliteQueryCompiler() : new PostgresQueryCompiler()
  }

  createAdapter(): SqliteAdapter | PostgresAdapter {
    return this.#dialect === 'sqlite' ? new SqliteAdapter() : new PostgresAdapter()
  }

  createIntrospector(): never {
    throw new TypeError('Kysely cannot introspect this database: use `introspect` of tidemark/schema')
  }
}

class PortDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(queryable: Queryable) {
    this.#connection = {
      executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<KyselyResult<R>> => {
        // Kysely types parameters as unknown; the port checks each value when it binds it.
        const { rows, affectedRows } = await queryable.query<R>({ sql, parameters: parameters as readonly SqlValue[] })
        return { rows: [...rows], numAffectedRows: BigInt(affectedRows) }
      },
      streamQuery: () => {
        throw new TypeError('Kysely cannot stream on this database: page through the rows instead')
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<never> {
    throw new TypeError('Kysely cannot begin a transaction here: use `transaction` of the storage and build on its `tx`')
  }

  commitTransaction(): Promise<never> {
    return this.beginTransaction()
  }

  rollbackTransaction(): Promise<never> {
    return this.beginTransaction()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
