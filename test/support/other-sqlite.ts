/** SQLite as its authors build it, to look at a database file with other eyes than sql.js. */
import { readFile } from 'node:fs/promises'

export interface OtherDatabase {
  /** Of all statements in the text, up to the first that fails. */
  rows(sql: string): readonly Readonly<Record<string, unknown>>[]
  /** The way of a shell that is not told to stop: runs on after a statement that fails, and gives what failed. */
  runOn(script: string): readonly string[]
  /** What one statement costs inside, run to its end or to more steps than any that we expect. */
  cost(sql: string, values: readonly (string | number | bigint | Uint8Array | null)[]): StatementCost
  /** The database as the bytes of a file. */
  bytes(): Uint8Array
  close(): void
}

/** Counted by SQLite itself, so it is the same on every machine. */
export interface StatementCost {
  /** Pages of the database that were looked at, each as often as that happened. */
  readonly pages: number
  /** Instructions of its virtual machine. */
  readonly steps: number
}

const mostSteps = 100_000_000

/** Opens a copy of `bytes`, or an empty database. */
export async function openOtherSqlite(bytes?: Uint8Array): Promise<OtherDatabase> {
  const { oo1, capi, wasm } = await (engine ??= load())
  const database = new oo1.DB()
  if (bytes !== undefined) {
    const pointer = wasm.allocFromTypedArray(new Uint8Array(bytes))
    const code = capi.sqlite3_deserialize(database.pointer, 'main', pointer, bytes.length, bytes.length, capi.SQLITE_DESERIALIZE_FREEONCLOSE)
    if (code !== 0) throw new Error(`SQLite cannot open the bytes: ${code}`)
  }
  const pagesRead = (): number => {
    const stack = wasm.pstack.pointer
    try {
      const [count, highest] = [wasm.pstack.alloc(8), wasm.pstack.alloc(8)]
      return [capi.SQLITE_DBSTATUS_CACHE_HIT, capi.SQLITE_DBSTATUS_CACHE_MISS].reduce((sum, which) => {
        capi.sqlite3_db_status(database.pointer, which, count, highest, 0)
        return sum + wasm.getMemValue(count, 'i32')
      }, 0)
    } finally {
      wasm.pstack.restore(stack)
    }
  }
  return {
    rows: (sql) => database.selectObjects(sql).map((row) => ({ ...row })),
    runOn: (script) => {
      const failures: string[] = []
      let statement = ''
      for (const line of script.split('\n')) {
        statement += `${line}\n`
        if (capi.sqlite3_complete(statement) === 0) continue
        try {
          database.exec(statement)
        } catch (error) {
          failures.push(String(error))
        }
        statement = ''
      }
      return failures
    },
    cost: (sql, values) => {
      const statement = database.prepare(sql)
      try {
        if (values.length > 0) statement.bind([...values])
        const before = pagesRead()
        let interrupted = false
        capi.sqlite3_progress_handler(database.pointer, mostSteps, () => Number((interrupted = true)), 0)
        try {
          while (statement.step()) continue
        } catch (error) {
          if (!interrupted) throw error
        }
        return { pages: pagesRead() - before, steps: capi.sqlite3_stmt_status(statement.pointer, capi.SQLITE_STMTSTATUS_VM_STEP, 0) }
      } finally {
        statement.finalize()
      }
    },
    bytes: () => capi.sqlite3_js_db_export(database),
    close: () => database.close(),
  }
}

interface PreparedStatement {
  readonly pointer: unknown
  bind(values: unknown[]): unknown
  step(): boolean
  finalize(): void
}

interface Engine {
  readonly oo1: {
    readonly DB: new () => { readonly pointer: unknown; selectObjects(sql: string): object[]; exec(sql: string): unknown; prepare(sql: string): PreparedStatement; close(): void }
  }
  readonly capi: {
    readonly SQLITE_STMTSTATUS_VM_STEP: number
    readonly SQLITE_DBSTATUS_CACHE_HIT: number
    readonly SQLITE_DBSTATUS_CACHE_MISS: number
    sqlite3_stmt_status(statement: unknown, which: number, reset: number): number
    sqlite3_db_status(database: unknown, which: number, count: unknown, highest: unknown, reset: number): number
    sqlite3_progress_handler(database: unknown, everySteps: number, handler: () => number, context: number): void
    readonly SQLITE_DESERIALIZE_FREEONCLOSE: number
    sqlite3_deserialize(database: unknown, schema: string, pointer: unknown, size: number, capacity: number, flags: number): number
    sqlite3_js_db_export(database: unknown): Uint8Array
    sqlite3_complete(sql: string): number
  }
  readonly wasm: {
    readonly pstack: { readonly pointer: unknown; alloc(bytes: number): unknown; restore(pointer: unknown): void }
    allocFromTypedArray(bytes: Uint8Array): unknown
    getMemValue(pointer: unknown, type: 'i32'): number
  }
}

let engine: Promise<Engine> | undefined

async function load(): Promise<Engine> {
  // This build believes that it runs in a browser.
  const quiet = (): void => undefined
  Object.assign(globalThis, { self: globalThis, location: new URL('http://localhost/'), sqlite3ApiConfig: { warn: quiet, log: quiet, debug: quiet, error: quiet } })
  // The entry of the package and its loading of the file are for browsers too.
  const folder = new URL('../../node_modules/@sqlite.org/sqlite-wasm/sqlite-wasm/jswasm/', import.meta.url)
  const { default: init } = (await import(new URL('sqlite3-bundler-friendly.mjs', folder).href)) as { default: (config: object) => Promise<Engine> }
  return init({ wasmBinary: await readFile(new URL('sqlite3.wasm', folder)), print: quiet, printErr: quiet })
}
