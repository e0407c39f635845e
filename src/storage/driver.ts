/** The tiny interface that an adapter implements; the storage over it is `connection-storage.ts`. Types only. */
import type { BoundValue } from './parameter.ts'
import type { Dialect, QueryResult, Storage, StorageCapabilities } from './storage.ts'

/** What a connection is told when a transaction begins. */
export interface BeginOptions {
  readonly foreignKeys: 'enforced' | 'suspended'
  /** Ends a wait for the engine itself, where it has one. */
  readonly signal: AbortSignal | undefined
}

/** One connection to an engine. Errors are already mapped to `TidemarkError`. */
export interface Connection {
  /** Runs exactly one statement, in the open transaction if there is one. */
  run(sql: string, values: readonly BoundValue[]): Promise<QueryResult>
  begin(options: BeginOptions): Promise<void>
  commit(): Promise<void>
  /** Must also succeed when the engine has already ended the transaction by itself. */
  rollback(): Promise<void>
  /**
   * Makes the statements of `read`, which are all that run meanwhile, see one state. Left out where holding the
   * connection is enough, because nobody else can write.
   */
  snapshot?<T>(read: () => Promise<T>): Promise<T>
  /**
   * Asks the engine to end the statement that runs, which then fails; resolves when no statement after it can be hit.
   * Left out where a statement cannot be interrupted. Never rejects.
   */
  cancel?(): Promise<void>
}

/** What an adapter gives. */
export interface Driver {
  readonly name: string
  readonly dialect: Dialect
  readonly capabilities: StorageCapabilities
  /** How many connections may be out at a time; the storage never asks for more. */
  readonly connections: number
  acquire(): Promise<Connection>
  /** A broken connection is in an unknown state and must not be used again. */
  release(connection: Connection, broken: boolean): Promise<void>
  /** See `Storage.openShadow`. */
  readonly openShadow?: (() => Promise<Storage>) | undefined
  close(): Promise<void>
}
