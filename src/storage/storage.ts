/**
 * The storage port: what the core asks of a database, and all it asks. Adapters implement it over one engine;
 * `tidemark/testing` holds the laws that every implementation keeps.
 *
 * Values cross the port in one form on every engine: integer → number (bigint only past 2^53), boolean → boolean,
 * instant → UTC ISO-8601 text with milliseconds, date → `YYYY-MM-DD`, json → parsed value, bytes → Uint8Array,
 * numeric → number (text where a double would lose digits).
 */

/** Whose SQL a database speaks. */
export type Dialect = 'sqlite' | 'postgres'

/**
 * A value that may be bound. Objects and arrays are bound as JSON; wrap a bare JSON scalar in `json()`. Refused on every
 * engine with `value_not_supported`, since one of them could not keep it: numbers that are not finite, integers of more
 * than 64 bits, and text (also inside JSON) with a NUL character or half a surrogate pair. An instant is bound as text;
 * SQLite compares texts, so give it in the one form above.
 */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | JsonParameter | JsonObject | readonly JsonValue[]
/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
/** What JSON calls an object; members that are undefined are left out. */
export interface JsonObject { readonly [key: string]: JsonValue | undefined }

/** A statement in the storage's own dialect: `?` placeholders on sqlite, `$1` on postgres. */
export interface Statement {
  readonly sql: string
  readonly parameters?: readonly SqlValue[] | undefined
}

/** A row by the names of its columns, decoded as `query` says. */
export type Row = Record<string, unknown>

/** What a statement gave, and how much it changed. */
export interface QueryResult<R = Row> {
  readonly rows: readonly R[]
  /** Rows inserted, updated or deleted; 0 for a pure read. */
  readonly affectedRows: number
}

/** What an engine can do. Fixed once the storage is open. The core asks these, never the name. Absent means no. */
export interface StorageCapabilities {
  /** DDL can be rolled back with the transaction it ran in. */
  readonly transactionalDdl: boolean
  /** A committed transaction outlives the process. */
  readonly durable: boolean
  /** Several statements can run at the same time (a pool). False: one connection, everything queues. */
  readonly concurrentStatements: boolean
  /** Other processes may write the same database at the same time. */
  readonly sharedWriters: boolean
  /** The kind of full-text search the engine brings. */
  readonly fullText: 'fts4' | 'fts5' | 'tsvector' | 'none'
}

/** Something that runs statements: a storage, a transaction, a snapshot. */
export interface Queryable {
  /**
   * Runs exactly one statement; raw statements give the same values as built ones. Result columns of one name: the last
   * wins. On SQLite a value is decoded by the declared type of its column, so an expression over booleans, instants or
   * JSON comes as SQLite has it.
   *
   * @throws TidemarkError `statement_failed`, the four `…_violated`, `value_not_supported`, `storage_busy`,
   * `storage_unavailable`, `storage_closed`, `transaction_finished`; never with a bound value in its text
   */
  query<R = Row>(statement: Statement): Promise<QueryResult<R>>
}

/** What a transaction of a storage takes. */
export interface TransactionOptions {
  /**
   * Cancels the wait for the transaction and the transaction itself, which is rolled back: between statements, and on
   * engines that can be interrupted (PostgreSQL) also the statement that runs.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * `suspended` runs the transaction with foreign keys not enforced where the engine needs that to rebuild a table
   * (SQLite); the caller checks them before it returns. Other engines ignore it. Refused on a nested transaction.
   * Default `enforced`.
   */
  readonly foreignKeys?: 'enforced' | 'suspended' | undefined
}

/** Runs the statements of one transaction, or of a savepoint in it. */
export interface Transaction extends Queryable {
  readonly dialect: Dialect
  /** A savepoint: rolled back alone when `run` throws. Statements of the outer transaction wait until it is done. */
  transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T>
}

/** An open database, whatever its engine. All of Tidemark is written against this. */
export interface Storage extends Queryable, AsyncDisposable {
  /** `sqljs`, `pglite`, `postgres`, …; for people, never for decisions. */
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: StorageCapabilities
  /**
   * Runs `run` in a transaction: committed when its promise resolves, rolled back when it rejects. On engines with one
   * connection everything else waits meanwhile, so use `tx` inside, never the storage. A statement that failed spoils the
   * transaction, as on PostgreSQL: it can only be rolled back. What may fail goes into a nested transaction.
   *
   * @throws TidemarkError `storage_closed`, `storage_busy` (waited too long), `aborted`, and whatever `run` throws
   */
  transaction<T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
  /**
   * Runs reads that see one state of the database, whatever others commit meanwhile. Nothing can be written. Where
   * another process shares the file, `read` may be called again from its start.
   *
   * @throws TidemarkError as `transaction`
   */
  snapshot<T>(read: (view: Queryable) => Promise<T>): Promise<T>
  /**
   * An empty database of the same kind in this process, for trying things out; the caller closes it. Left out by
   * adapters that have none to give.
   */
  readonly openShadow?: (() => Promise<Storage>) | undefined
  /** Safe to call twice. Waits for the open transaction; afterwards every call fails with `storage_closed`. */
  close(): Promise<void>
}

/** A JSON value that would otherwise be bound as a plain string, number, boolean or null. */
export class JsonParameter {
  /** As it was given. */
  readonly value: JsonValue
  constructor(value: JsonValue) {
    this.value = value
  }
}

/** Marks a value for a JSON column; needed for bare scalars only, since objects and arrays are JSON anyway. */
export function json(value: JsonValue): JsonParameter {
  return new JsonParameter(value)
}
