/**
 * Starting PGlite takes seconds, emptying one takes milliseconds: so closed test storages give their PGlite back, and
 * the next place that needs one, in whatever test file, empties it. A folder that is opened again by the same place is
 * really closed and opened again, from disk.
 */
import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { pglite } from '../../adapters/pglite/pglite.ts'
import type { Storage } from '../../src/storage/storage.ts'

export interface PglitePlace {
  open(options?: { readonly waitTimeoutMs?: number | undefined }): Promise<Storage>
}

export interface PglitePoolOptions {
  /** Path of a dump of a fresh data folder. */
  readonly dump: () => Promise<string>
  /** Makes a folder for a PGlite on disk; left out for one in memory. */
  readonly folder?: (() => Promise<string>) | undefined
}

interface Parked {
  readonly engine: PGlite
  readonly dir: string | undefined
  /** The place whose data is in it. */
  readonly place: PglitePlace
}

export class PglitePool {
  readonly #options: PglitePoolOptions
  readonly #parked = new Set<Parked>()

  constructor(options: PglitePoolOptions) {
    this.#options = options
  }

  place(): PglitePlace {
    let opened = false
    const place: PglitePlace = {
      open: async (options = {}) => {
        const own = [...this.#parked].find((parked) => parked.place === place)
        if (opened && own?.dir === undefined) throw new Error('This database is open, in memory only, or was given to another test')
        opened = true
        const { engine, dir } = own === undefined ? await this.#empty() : await this.#reopen(own)
        const storage = await pglite({ engine, ...options })
        return givenBack(storage, dir !== undefined, () => this.#parked.add({ engine, dir, place }))
      },
    }
    return place
  }

  async #reopen(parked: Parked): Promise<Pick<Parked, 'engine' | 'dir'>> {
    this.#parked.delete(parked)
    await parked.engine.close()
    return { engine: await (parked.dir === undefined ? PGlite.create() : PGlite.create(parked.dir)), dir: parked.dir }
  }

  async #empty(): Promise<Pick<Parked, 'engine' | 'dir'>> {
    const [parked] = this.#parked
    if (parked === undefined) {
      const dir = await this.#options.folder?.()
      const loadDataDir = new Blob([new Uint8Array(await readFile(await this.#options.dump()))])
      return { engine: await PGlite.create({ loadDataDir, ...(dir === undefined ? {} : { dataDir: dir }) }), dir }
    }
    this.#parked.delete(parked)
    // On its own: several statements at once are a transaction, in which it is refused.
    await parked.engine.exec('discard all')
    await parked.engine.exec(emptied)
    return parked
  }
}

const emptied = `
  do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', name);
    end loop;
  end $$;
  create schema public;
`

function givenBack(storage: Storage, durable: boolean, giveBack: () => void): Storage {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= storage.close().then(giveBack))
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: { ...storage.capabilities, durable },
    query: (statement) => storage.query(statement),
    transaction: (run, options) => storage.transaction(run, options),
    close,
    [Symbol.asyncDispose]: close,
  }
}
