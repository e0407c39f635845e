/**
 * Starting PGlite takes seconds, emptying one takes milliseconds: so closed test storages give their PGlite back, and
 * the next place that needs one, in whatever test file, empties it. A folder that is opened again by the same place is
 * really closed and opened again, from disk.
 */
import { mkdir } from 'node:fs/promises'
import * as engines from '@electric-sql/pglite'
import { preparedCluster } from '../../adapters/pglite/cluster.ts'
import { startInMemory, startOnFolder } from '../../adapters/pglite/engine.ts'
import { writeFiles } from '../../adapters/pglite/folder.ts'
import { pglite } from '../../adapters/pglite/pglite.ts'
import type { Storage } from '../../src/storage/storage.ts'

export interface PglitePlace {
  open(options?: { readonly waitTimeoutMs?: number | undefined }): Promise<Storage>
}

export interface PglitePoolOptions {
  /** Resolves when the prepared database is there. */
  readonly prepared: () => Promise<unknown>
  /** Makes a folder for a PGlite on disk; left out for one in memory. */
  readonly folder?: (() => Promise<string>) | undefined
}

interface Parked {
  readonly engine: engines.PGlite
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
        return givenBack(storage, dir !== undefined, () => this.place().open(), () => this.#parked.add({ engine, dir, place }))
      },
    }
    return place
  }

  async #reopen(parked: Parked): Promise<Pick<Parked, 'engine' | 'dir'>> {
    this.#parked.delete(parked)
    await parked.engine.close()
    const { dir } = parked
    return { engine: await (dir === undefined ? startInMemory(engines, await preparedCluster()) : startOnFolder(engines, dir, 'relaxed')), dir }
  }

  async #empty(): Promise<Pick<Parked, 'engine' | 'dir'>> {
    const [parked] = this.#parked
    if (parked === undefined) {
      const dir = await this.#options.folder?.()
      await this.#options.prepared()
      const files = await preparedCluster()
      if (dir === undefined) return { engine: await startInMemory(engines, files), dir }
      await mkdir(dir)
      await writeFiles(dir, files ?? [])
      return { engine: await startOnFolder(engines, dir, 'relaxed'), dir }
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

function givenBack(storage: Storage, durable: boolean, openShadow: () => Promise<Storage>, giveBack: () => void): Storage {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= storage.close().then(giveBack))
  return {
    name: storage.name,
    dialect: storage.dialect,
    capabilities: { ...storage.capabilities, durable },
    query: (statement) => storage.query(statement),
    transaction: (run, options) => storage.transaction(run, options),
    snapshot: (read) => storage.snapshot(read),
    openShadow,
    close,
    [Symbol.asyncDispose]: close,
  }
}
