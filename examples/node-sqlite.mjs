// A storage adapter over the SQLite that Node brings (Node 22.16 or newer), for a file that several processes may use.
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { isTidemarkError, TidemarkError } from 'tidemark'
import { createConnectionStorage, decoderOf, integerFromBigInt, isBlankText, readStatementText, sqliteError } from 'tidemark/adapter'

/** SQLite in memory, or on a file. */
export async function nodeSqlite({ file, waitTimeoutMs = 60_000 } = {}) {
  const connection = new NodeSqliteConnection(open(file), waitTimeoutMs)
  return createConnectionStorage({
    name: 'node-sqlite',
    dialect: 'sqlite',
    capabilities: {
      transactionalDdl: true,
      durable: file !== undefined,
      concurrentStatements: false, // one connection: the storage has everything queue
      sharedWriters: file !== undefined,
      fullText: 'fts4',
    },
    connections: 1,
    acquire: async () => connection,
    release: async () => {},
    openShadow: () => nodeSqlite({ waitTimeoutMs }),
    close: async () => connection.close(),
  }, { waitTimeoutMs })
}

function open(file) {
  try {
    const database = new DatabaseSync(file ?? ':memory:')
    // With a write-ahead log readers and a writer do not wait for each other; `full` has each commit outlive a power cut.
    // Only the first to open the file makes the log, and may wait here for others who open it.
    database.exec('pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 0')
    return database
  } catch (cause) {
    throw new TidemarkError('storage_open_failed', `Cannot open the database file "${file}"`, {
      why: 'It is no SQLite database, or it cannot be read and written.',
      next: 'Check the path and the permissions of the file.',
      cause,
    })
  }
}

/** Runs one statement at a time. Queueing, nesting, limits and what may be bound are the storage's business. */
class NodeSqliteConnection {
  #database
  #waitTimeoutMs
  #inTransaction = false

  constructor(database, waitTimeoutMs) {
    this.#database = database
    this.#waitTimeoutMs = waitTimeoutMs
  }

  async run(sql, values) {
    return this.#inTransaction ? this.#execute(sql, values) : this.#inTurn(() => this.#execute(sql, values))
  }

  async begin({ foreignKeys, signal }) {
    // SQLite heeds this outside a transaction only.
    if (foreignKeys === 'suspended') this.#control('pragma foreign_keys = off')
    try {
      await this.#inTurn(() => this.#control('begin immediate'), signal)
      this.#inTransaction = true
    } catch (error) {
      this.#control('pragma foreign_keys = on')
      throw error
    }
  }

  async commit() {
    this.#control('commit')
    this.#ended()
  }

  async rollback() {
    if (!this.#inTransaction) return
    // SQLite may have rolled back by itself, when the disk was full for example.
    if (this.#database.isTransaction) this.#control('rollback')
    this.#ended()
  }

  /** All reads see one state: that of the first. */
  async snapshot(read) {
    this.#control('begin')
    try {
      this.#control('pragma query_only = on')
      return await read()
    } finally {
      this.#control('pragma query_only = off')
      this.#control('rollback')
    }
  }

  close() {
    this.#database.close()
  }

  #ended() {
    this.#inTransaction = false
    this.#control('pragma foreign_keys = on')
  }

  #control(sql) {
    mapped(sql, () => this.#database.exec(sql))
  }

  #execute(sql, values) {
    return mapped(sql, () => {
      const text = readStatementText(sql)
      const statement = this.#database.prepare(sql)
      if (!isBlankText(sql.slice(statement.sourceSQL.length))) throw refused('The text holds more than one statement.')
      if (text.foreignPlaceholder || text.placeholders.length !== values.length) throw refused('It needs one `?` for each parameter.')
      statement.setReadBigInts(true)
      const columns = statement.columns().map(({ name, type }) => ({ name, decode: decoderOf(type ?? '') }))
      const rows = statement.all(...values.map(toSqlite)).map((row) => fromSqlite(row, columns))
      const isCounted = ['insert', 'replace', 'update', 'delete'].includes(text.verb)
      return { rows, affectedRows: isCounted ? this.#database.prepare('select changes() as count').get().count : 0 }
    })
  }

  /** Another process writes: SQLite itself would have everything in this one wait, so it is asked again and again instead. */
  async #inTurn(work, signal) {
    for (const start = performance.now(); ; await sleep(2)) {
      try {
        return work()
      } catch (error) {
        if (!isTidemarkError(error, 'storage_busy') || performance.now() - start > this.#waitTimeoutMs || signal?.aborted) throw error
      }
    }
  }
}

/** The storage has checked the values. SQLite takes a number of JavaScript for a double, so integers go in as bigints. */
function toSqlite(value) {
  if (typeof value === 'boolean') return value ? 1n : 0n
  return Number.isSafeInteger(value) ? BigInt(value) : value
}

/** The one form of the port: booleans, instants and JSON by the declared type of their column. */
function fromSqlite(row, columns) {
  return Object.fromEntries(columns.map(({ name, decode }) => {
    const value = typeof row[name] === 'bigint' ? integerFromBigInt(row[name]) : row[name]
    return [name, decode === undefined || value === null ? value : decode(value)]
  }))
}

function mapped(sql, work) {
  try {
    return work()
  } catch (error) {
    throw isTidemarkError(error) ? error : sqliteError(error, sql)
  }
}

function refused(why) {
  return new TidemarkError('statement_failed', 'Cannot run the statement on SQLite', { why, next: 'Correct the statement.' })
}
