/**
 * The one connection of a sql.js database that the browser keeps. All of its pages are in memory, so SQLite never waits; what
 * other tabs have committed is brought in between statements, and never during a transaction or a snapshot.
 *
 * Invariant: outside a transaction, what SQLite sees is one version of the store.
 */
import type { SqlJsStatic } from 'sql.js'
import { TidemarkError } from '../../../src/errors.ts'
import type { BeginOptions } from '../../../src/storage/driver.ts'
import type { BoundValue } from '../../../src/storage/parameter.ts'
import type { QueryResult } from '../../../src/storage/storage.ts'
import type { Engine } from '../engine.ts'
import { EngineBytes } from '../file/engine-bytes.ts'
import { PageImage } from '../file/page-image.ts'
import { requireInUse, requireOwnJournal } from '../own-journal.ts'
import { emptyDatabase } from '../start.ts'
import type { SqljsConnection } from '../storage-on.ts'
import { unreadableError } from './errors.ts'
import { PageMemory } from './page-memory.ts'
import type { PageStore } from './page-store.ts'
import type { WriterLock } from './writer-lock.ts'

export interface BrowserConnectionOptions {
  readonly name: string
  readonly store: PageStore
  readonly lock: WriterLock
  readonly sqlJs: SqlJsStatic
  /** Opens SQLite on these bytes; throws what SQLite says when it cannot read them. */
  readonly start: (bytes: ArrayLike<number>) => Engine
}

interface Loaded {
  readonly engine: Engine
  readonly image: PageImage
}

export class BrowserConnection implements SqljsConnection {
  readonly #options: BrowserConnectionOptions
  #memory = new PageMemory()
  #loaded: Loaded | undefined
  #inTransaction = false
  #inSnapshot = false

  constructor(options: BrowserConnectionOptions) {
    this.#options = options
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    requireOwnJournal(sql)
    const { engine } = this.#inTransaction || this.#inSnapshot ? this.#current() : await this.load()
    if (this.#inTransaction || !engine.writes(sql)) return engine.execute(sql, values)
    if (this.#inSnapshot) throw new TypeError('Cannot write in a snapshot')
    return this.#write(sql, values)
  }

  async begin({ foreignKeys, signal }: BeginOptions): Promise<void> {
    await this.#options.lock.acquire(signal)
    try {
      const { engine } = await this.load()
      engine.begin('begin immediate', foreignKeys)
      this.#inTransaction = true
    } catch (error) {
      this.#options.lock.release()
      throw error
    }
  }

  async commit(): Promise<void> {
    this.#current().engine.commit()
    this.#inTransaction = false
    await this.#committed()
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    try {
      const { engine, image } = this.#current()
      engine.rollback()
      // What a large transaction had written already may have left traces in the engine's own book-keeping.
      if (image.isChanged) this.#restart()
    } finally {
      this.#options.lock.release()
    }
  }

  async snapshot<T>(read: () => Promise<T>): Promise<T> {
    await this.load()
    this.#inSnapshot = true
    try {
      return await read()
    } finally {
      this.#inSnapshot = false
    }
  }

  /**
   * SQLite on the database as it is now.
   *
   * @throws TidemarkError `storage_open_failed` when SQLite cannot read it, `storage_unavailable`
   */
  async load(): Promise<Loaded> {
    const changes = await this.#options.store.changesSince(this.#memory.version)
    if (changes !== undefined) this.#memory.apply(changes)
    if (changes !== undefined || this.#loaded === undefined) this.#restart()
    return this.#current()
  }

  async close(): Promise<void> {
    this.#unload()
    this.#options.store.close()
    this.#options.lock.release()
  }

  async #write(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    await this.#options.lock.acquire()
    let result: QueryResult
    try {
      result = (await this.load()).engine.execute(sql, values)
    } catch (error) {
      this.#options.lock.release()
      throw error
    }
    await this.#committed()
    return result
  }

  /** Has the browser keep what SQLite has committed, and lets others write. */
  async #committed(): Promise<void> {
    const { image } = this.#current()
    try {
      if (image.isChanged) await this.#save(image)
    } catch (error) {
      // The memory is as it was before the commit, and so is the store.
      this.#unload()
      throw error
    } finally {
      this.#options.lock.release()
    }
  }

  async #save(image: PageImage): Promise<void> {
    const isSmaller = image.commit()
    const { size, pageSize } = image
    const isWhole = this.#memory.size > 0 && pageSize !== this.#memory.pageSize
    const pages = isWhole ? wholePages(image) : image.committed
    const commit = { version: this.#memory.version + 1, size, pageSize, pages: new Map(pages), isWhole }
    await this.#options.store.commit(commit)
    this.#memory.apply(commit)
    image.flushed()
    // SQLite must not go on with an image that was cut: see `EngineBytes`. A new page size means a new image.
    if (isSmaller || isWhole) this.#unload()
  }

  #restart(): void {
    this.#unload()
    const image = new PageImage(this.#memory, this.#memory.size, () => emptyDatabase(this.#options.sqlJs))
    const bytes = new EngineBytes(image)
    try {
      this.#loaded = { engine: this.#options.start(bytes), image }
    } catch (error) {
      throw error instanceof TidemarkError ? error : unreadableError(this.#options.name, error)
    }
    requireInUse(bytes)
  }

  #unload(): void {
    this.#loaded?.engine.close()
    this.#loaded = undefined
  }

  #current(): Loaded {
    if (this.#loaded === undefined) this.#restart()
    if (this.#loaded === undefined) throw new TypeError('Cannot use a connection that is not loaded')
    return this.#loaded
  }
}

function wholePages(image: PageImage): ReadonlyMap<number, Uint8Array> {
  const { size, pageSize } = image
  return new Map(Array.from({ length: size / pageSize }, (_, page) => [page, image.read(page * pageSize, (page + 1) * pageSize).slice()]))
}
