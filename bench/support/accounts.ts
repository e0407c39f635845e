/** The account of the bench on each engine, synced once and shared by all benches of a run that ask questions of it. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { recordingStorage } from '../../test/support/recording-storage.ts'
import { syncedAccount, type Scale } from './account.ts'
import { countCompiled } from './compiled-statements.ts'
import { onBareSqlite, onStorage, type HandRunner } from './hand-runner.ts'
import { innerWorkOnPostgres, innerWorkOnSqlite, type InnerWork } from './inner-work.ts'
import { rawCopy } from './raw-sqlite.ts'

export type BenchEngine = 'sqljs' | 'pglite'

export interface BenchAccount {
  readonly engine: BenchEngine
  readonly tidemark: Tidemark
  readonly storage: Storage
  /** Runs what was written by hand on the same rows. */
  readonly byHand: HandRunner
  /** What a call needs when it is made once more: statements sent to the engine and, on sql.js, those that it had to compile. */
  count(call: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>
  /** What the engine does inside for these statements. SQLite has to do without the search index and the payloads. */
  work(call: () => Promise<unknown>): Promise<InnerWork>
}

const open: Readonly<Record<BenchEngine, () => Promise<Storage>>> = { sqljs: () => sqljs(), pglite: () => pglite() }

export class BenchAccounts implements AsyncDisposable {
  readonly #scale: Scale
  readonly #made = new Map<BenchEngine, Promise<BenchAccount>>()

  constructor(scale: Scale) {
    this.#scale = scale
  }

  async all(): Promise<readonly BenchAccount[]> {
    return [await this.on('sqljs'), await this.on('pglite')]
  }

  on(engine: BenchEngine): Promise<BenchAccount> {
    const made = this.#made.get(engine) ?? makeAccount(engine, this.#scale)
    this.#made.set(engine, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const made of this.#made.values()) await (await made).tidemark.close()
  }
}

/** @param afterSync what happens to the database before the reference and the counts look at it */
export async function makeAccount(engine: BenchEngine, scale: Scale, afterSync: (storage: Storage) => Promise<unknown> = async () => undefined): Promise<BenchAccount> {
  const storage = recordingStorage(await open[engine]())
  const { tidemark } = await syncedAccount(storage, scale)
  await afterSync(storage)
  const raw = engine === 'sqljs' ? await rawCopy(storage) : undefined
  const workOf = raw === undefined ? innerWorkOnPostgres(storage) : await innerWorkOnSqlite(raw.export())
  return {
    engine,
    tidemark,
    storage,
    byHand: raw === undefined ? onStorage(storage) : onBareSqlite(raw),
    async count(call) {
      storage.takeStatements()
      const compiled = await countCompiled(call)
      const statements = storage.takeStatements().length
      return raw === undefined ? { statements } : { statements, compiled }
    },
    async work(call) {
      storage.takeStatements()
      await call()
      return workOf(storage.takeStatements())
    },
  }
}
