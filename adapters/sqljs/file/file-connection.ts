/**
 * The one connection of a sql.js database on a file. Writers of all processes take turns by the file's lock. Readers take
 * none: a statement that ran while somebody changed the file is run again, so that its rows are those of one commit.
 *
 * Invariant: outside a transaction, what SQLite sees is what the file has, or will have with the next flush.
 */
import { TidemarkError } from '../../../src/errors.ts'
import type { BeginOptions, Connection } from '../../../src/storage/driver.ts'
import type { BoundValue } from '../../../src/storage/parameter.ts'
import type { QueryResult } from '../../../src/storage/storage.ts'
import type { Engine } from '../engine.ts'
import { requireInUse, requireOwnJournal } from '../own-journal.ts'
import type { DatabaseFile } from './database-file.ts'
import { EngineBytes } from './engine-bytes.ts'
import { relaxedLossError } from './errors.ts'
import type { PageImage } from './page-image.ts'

export interface FileConnectionOptions {
  readonly file: DatabaseFile
  /** Opens SQLite on these bytes; throws what SQLite says when it cannot read them. */
  readonly start: (bytes: ArrayLike<number>) => Engine
  /** How long a commit may wait to be made durable together with others; 0: not at all. */
  readonly flushAfterMs: number
}

interface Loaded {
  readonly engine: Engine
  readonly image: PageImage
  readonly bytes: EngineBytes
}

/** How often a statement is run again before it keeps the writers away. */
const patience = 3

export class FileConnection implements Connection {
  readonly #file: DatabaseFile
  readonly #start: FileConnectionOptions['start']
  readonly #flushAfterMs: number
  #loaded: Loaded | undefined
  #inTransaction = false
  #inSnapshot = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #flushing: Promise<void> = Promise.resolve()
  /** On the clock of `performance`; the timer alone would not do, since commits in a row leave it no turn. */
  #flushDue = Infinity
  #lost: unknown

  constructor({ file, start, flushAfterMs }: FileConnectionOptions) {
    this.#file = file
    this.#start = start
    this.#flushAfterMs = flushAfterMs
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    requireOwnJournal(sql)
    if (this.#inTransaction) return this.#current().engine.execute(sql, values)
    if (this.#inSnapshot) return this.#readPinned(sql, values)
    await this.#ready()
    // Preparing a statement reads the schema, so this is part of what may meet somebody else's change.
    const result = await this.#ofOneCommit((engine) => (engine.writes(sql) ? undefined : engine.execute(sql, values)))
    return result ?? this.#write(sql, values)
  }

  async begin({ foreignKeys, signal }: BeginOptions): Promise<void> {
    await this.#ready()
    await this.#file.lock(signal)
    try {
      const loaded = await this.load()
      loaded.engine.begin('begin immediate', foreignKeys)
      requireInUse(loaded.bytes)
      this.#inTransaction = true
    } catch (error) {
      await this.#ended()
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
      if (image.isChanged) {
        image.rollback()
        this.#restart(image)
      }
    } finally {
      await this.#ended()
    }
  }

  /** Reads again from the start when somebody changed the file meanwhile, in the end with the writers kept away. */
  async snapshot<T>(read: () => Promise<T>): Promise<T> {
    await this.#ready()
    const pinned = async (): Promise<T> => {
      this.#inSnapshot = true
      try {
        return await read()
      } finally {
        this.#inSnapshot = false
      }
    }
    for (let attempt = 0; attempt < patience; attempt += 1) {
      await this.load()
      try {
        const answer = await pinned()
        if (this.#isCurrent()) return answer
      } catch (error) {
        if (this.#isCurrent()) throw error
      }
    }
    return this.#file.locked(async () => {
      await this.load()
      return pinned()
    })
  }

  /**
   * SQLite on the file as it is now.
   *
   * @throws TidemarkError `storage_open_failed`, `storage_unavailable`, `storage_busy` when another program never lets it be read
   */
  async load(): Promise<Loaded> {
    for (let attempt = 0; attempt < patience; attempt += 1) {
      if (this.#loaded !== undefined && this.#isCurrent()) return this.#loaded
      await this.#reload()
    }
    return this.#file.locked(async () => {
      if (this.#loaded === undefined || !this.#isCurrent()) await this.#reload()
      return this.#current()
    })
  }

  async close(): Promise<void> {
    try {
      await this.#flushing
      if (this.#timer !== undefined) await this.#flush()
      await this.#ready()
    } finally {
      this.#unload()
      this.#file.close()
      this.#file.unlock()
      await this.#file.tidy()
    }
  }

  /** Asks again when somebody changed the file meanwhile. */
  async #ofOneCommit<T>(ask: (engine: Engine) => T): Promise<T> {
    for (let attempt = 0; attempt < patience; attempt += 1) {
      const { engine } = await this.load()
      try {
        const answer = ask(engine)
        if (this.#isCurrent()) return answer
      } catch (error) {
        if (this.#isCurrent()) throw error
      }
    }
    return this.#file.locked(async () => ask((await this.load()).engine))
  }

  #readPinned(sql: string, values: readonly BoundValue[]): QueryResult {
    const { engine } = this.#current()
    if (engine.writes(sql)) throw new TypeError('Cannot write in a snapshot')
    return engine.execute(sql, values)
  }

  async #write(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    await this.#file.lock()
    let result: QueryResult
    try {
      const loaded = await this.load()
      result = loaded.engine.execute(sql, values)
    } catch (error) {
      await this.#ended()
      throw error
    }
    await this.#committed()
    return result
  }

  /** Takes over what SQLite has committed, and makes it durable now or, when that is relaxed, soon. */
  async #committed(): Promise<void> {
    const { image } = this.#current()
    if (image.isChanged) {
      const isSmaller = image.commit()
      if (this.#flushAfterMs === 0) return this.#save()
      if (isSmaller) this.#restart(image)
      if (this.#timer === undefined) {
        this.#flushDue = performance.now() + this.#flushAfterMs
        this.#timer = setTimeout(() => this.#flushSoon(), this.#flushAfterMs)
      }
    }
    await this.#ended()
  }

  /** A transaction is over: lets others write, unless commits wait for their flush. */
  async #ended(): Promise<void> {
    if (this.#timer === undefined) this.#file.unlock()
    else if (performance.now() >= this.#flushDue) await this.#flush()
  }

  async #save(): Promise<void> {
    try {
      await this.#file.save(this.#current().image)
    } catch (error) {
      this.#unload()
      throw error
    } finally {
      this.#file.unlock()
    }
  }

  #flushSoon(): void {
    this.#flushDue = 0
    if (!this.#inTransaction) this.#flushing = this.#flush()
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      await this.#save()
    } catch (error) {
      this.#lost = error
    } finally {
      this.#timer = undefined
      this.#flushDue = Infinity
    }
  }

  /** Waits for a flush, and tells the next caller when it failed. */
  async #ready(): Promise<void> {
    await this.#flushing
    const lost = this.#lost
    this.#lost = undefined
    if (lost !== undefined) throw relaxedLossError(lost)
  }

  /** Commits that wait for their flush keep the lock, so that nobody else can have changed the file. */
  #isCurrent(): boolean {
    return this.#timer !== undefined || this.#file.isCurrent()
  }

  async #reload(): Promise<void> {
    this.#unload()
    const image = await this.#file.open()
    try {
      this.#restart(image)
    } catch (error) {
      if (error instanceof TidemarkError) throw error
      // Somebody may have changed it meanwhile, which is no damage.
      if (this.#file.isCurrent()) throw this.#file.unreadable(error)
    }
  }

  #restart(image: PageImage): void {
    this.#unload()
    const bytes = new EngineBytes(image)
    this.#loaded = { engine: this.#start(bytes), image, bytes }
    requireInUse(bytes)
  }

  #unload(): void {
    this.#loaded?.engine.close()
    this.#loaded = undefined
  }

  #current(): Loaded {
    if (this.#loaded === undefined) throw this.#file.unsettled()
    return this.#loaded
  }
}
