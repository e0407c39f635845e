/** The account of the bench on each engine, synced once and shared by all benches of a run that ask questions of it. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { syncedAccount, type Scale } from './account.ts'
import { countCompiled } from './compiled-statements.ts'
import { countingStorage } from './counting-storage.ts'
import { handRunner, type HandRunner } from './hand-runner.ts'

export type BenchEngine = 'sqljs' | 'pglite'

export interface BenchAccount {
  readonly engine: BenchEngine
  readonly tidemark: Tidemark
  readonly storage: Storage
  /** Runs what was written by hand on the same rows. */
  readonly byHand: HandRunner
  /** What `work` needs: statements sent to the engine and, on sql.js, those that it had to compile. */
  count(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>
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

async function makeAccount(engine: BenchEngine, scale: Scale): Promise<BenchAccount> {
  const storage = countingStorage(await open[engine]())
  const { tidemark } = await syncedAccount(storage, scale)
  return {
    engine,
    tidemark,
    storage,
    byHand: await handRunner(storage),
    async count(work) {
      storage.takeCount()
      const compiled = await countCompiled(work)
      return engine === 'sqljs' ? { statements: storage.takeCount(), compiled } : { statements: storage.takeCount() }
    },
  }
}
