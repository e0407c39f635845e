/** The database `tidemark` on the test server, as the page about PostgreSQL speaks of it: at head, and its blocks are the owner's. */
import pg from 'pg'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { openTidemark } from '../../src/open-tidemark.ts'
import { freshPostgresUrl } from '../support/engines.ts'

export class ServerDatabase implements AsyncDisposable {
  readonly url: string
  readonly #server: string

  private constructor(server: string) {
    this.#server = server
    this.url = server.replace(/\/[^/]*$/, '/tidemark')
  }

  static async open(): Promise<ServerDatabase> {
    const database = new ServerDatabase(await freshPostgresUrl())
    await on(database.#server, 'create database tidemark')
    const tidemark = await openTidemark({ storage: await postgres({ url: database.url }), customerId: 1 })
    await tidemark.close()
    return database
  }

  /** Any number of statements. */
  async run(sql: string): Promise<void> {
    await on(this.url, sql)
  }

  /** Roles outlive their database. */
  async [Symbol.asyncDispose](): Promise<void> {
    await on(this.#server, 'drop database if exists tidemark with (force)')
    await on(this.#server, 'drop role if exists acme')
  }
}

async function on(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
