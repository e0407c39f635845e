/** The one connection of a sql.js database in memory. */
import type { BeginOptions, Connection } from '../../src/storage/driver.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import type { QueryResult } from '../../src/storage/storage.ts'
import type { Engine } from './engine.ts'

export class MemoryConnection implements Connection {
  readonly #engine: Engine
  #inTransaction = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    return this.#engine.execute(sql, values)
  }

  async begin({ foreignKeys }: BeginOptions): Promise<void> {
    this.#engine.begin('begin', foreignKeys)
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    this.#engine.commit()
    this.#inTransaction = false
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    this.#engine.rollback()
  }

  async close(): Promise<void> {
    this.#engine.close()
  }
}
