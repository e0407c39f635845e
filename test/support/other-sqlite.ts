/** SQLite as its authors build it, to look at a database file with other eyes than sql.js. */
import { readFile } from 'node:fs/promises'

export interface OtherDatabase {
  /** Of all statements in the text, up to the first that fails. */
  rows(sql: string): readonly Readonly<Record<string, unknown>>[]
  /** The way of a shell that is not told to stop: runs on after a statement that fails, and gives what failed. */
  runOn(script: string): readonly string[]
  /** The database as the bytes of a file. */
  bytes(): Uint8Array
  close(): void
}

/** Opens a copy of `bytes`, or an empty database. */
export async function openOtherSqlite(bytes?: Uint8Array): Promise<OtherDatabase> {
  const { oo1, capi, wasm } = await (engine ??= load())
  const database = new oo1.DB()
  if (bytes !== undefined) {
    const pointer = wasm.allocFromTypedArray(new Uint8Array(bytes))
    const code = capi.sqlite3_deserialize(database.pointer, 'main', pointer, bytes.length, bytes.length, capi.SQLITE_DESERIALIZE_FREEONCLOSE)
    if (code !== 0) throw new Error(`SQLite cannot open the bytes: ${code}`)
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
    bytes: () => capi.sqlite3_js_db_export(database),
    close: () => database.close(),
  }
}

interface Engine {
  readonly oo1: { readonly DB: new () => { readonly pointer: unknown; selectObjects(sql: string): object[]; exec(sql: string): unknown; close(): void } }
  readonly capi: {
    readonly SQLITE_DESERIALIZE_FREEONCLOSE: number
    sqlite3_deserialize(database: unknown, schema: string, pointer: unknown, size: number, capacity: number, flags: number): number
    sqlite3_js_db_export(database: unknown): Uint8Array
    sqlite3_complete(sql: string): number
  }
  readonly wasm: { allocFromTypedArray(bytes: Uint8Array): unknown }
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
