/**
 * The shadow databases of a command: SQLite in memory, and PGlite in memory, which stands in for every PostgreSQL. A PGlite
 * that is given back is emptied and serves again, since starting one takes a second and emptying one milliseconds.
 */
import { isTidemarkError } from '../../../src/errors.ts'
import type { OpenShadow, Shadows } from '../../../src/migrate/shadow.ts'
import type { Storage } from '../../../src/storage/storage.ts'

/**
 * Runs `work` with shadows and closes them all afterwards. Where PGlite is not installed, a PostgreSQL of one's own gives
 * a schema of its server instead; without that, what needs a shadow of PostgreSQL fails with `engine_missing`.
 */
export async function withShadows<R>(storage: Pick<Storage, 'dialect' | 'openShadow'> | undefined, work: (shadows: Shadows) => Promise<R>): Promise<R> {
  const room = new PgliteRoom()
  try {
    return await work({
      sqlite: async () => (await import('../../sqljs/sqljs.ts')).sqljs(),
      postgres: () => room.open(storage?.dialect === 'postgres' ? storage.openShadow : undefined),
    })
  } finally {
    await room.close()
  }
}

class PgliteRoom {
  readonly #all: Storage[] = []
  readonly #free: Storage[] = []

  async open(instead: OpenShadow | undefined): Promise<Storage> {
    const storage = this.#free.pop() ?? (await this.#start(instead))
    return this.#all.includes(storage) ? givenBack(storage, () => this.#free.push(storage)) : storage
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((storage) => storage.close()))
  }

  async #start(instead: OpenShadow | undefined): Promise<Storage> {
    const { pglite } = await import('../../pglite/pglite.ts')
    try {
      const storage = await pglite()
      this.#all.push(storage)
      return storage
    } catch (error) {
      if (instead === undefined || !isTidemarkError(error, 'engine_missing')) throw error
      return instead()
    }
  }
}

/** The storage, whose end empties it. One that cannot be emptied is not used again. */
function givenBack(storage: Storage, giveBack: () => void): Storage {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= emptied(storage).then(giveBack, () => undefined))
  return { ...parts(storage), close, [Symbol.asyncDispose]: close }
}

function parts(storage: Storage): Omit<Storage, 'close' | typeof Symbol.asyncDispose> {
  const { name, dialect, capabilities, openShadow } = storage
  return {
    name, dialect, capabilities, openShadow,
    query: (statement) => storage.query(statement),
    transaction: (run, options) => storage.transaction(run, options),
    snapshot: (read) => storage.snapshot(read),
  }
}

async function emptied(storage: Storage): Promise<void> {
  for (const sql of ['reset all', `set timezone to 'UTC'`, dropSchemas, 'create schema public']) await storage.query({ sql })
}

// Extensions live in a schema and go with it; roles belong to the whole server, and no revision of an app should make one.
const dropSchemas = `do $$ declare name text; begin
  for name in select nspname from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', name);
  end loop;
end $$`
