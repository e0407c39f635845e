/**
 * An SQLite file on disk: opened, watched for the commits of others, and changed one whole commit at a time.
 *
 * A commit first writes the pages that make the file longer behind its end, where nobody looks yet; then the pages that
 * replace others into a redo file beside it. Once that has its final name the commit is made: whoever finds it (this
 * process, or after a crash any other) copies it into the file and removes it. Each step is flushed before the next.
 *
 * Knows pages and names, no SQL.
 */
import { dirname } from 'node:path'
import type { Disk, DiskFile, DiskStats } from './disk.ts'
import { leftoverError, newerFormatError, notRecoveredError, notWrittenError, openError, overtakenError, uncertainError, unreadableError, unsettledError } from './errors.ts'
import { changeCounterOf, isEqual, kindOfFile, versionOf } from './file-header.ts'
import { PageImage, type Pages } from './page-image.ts'
import { writePages } from './page-writer.ts'
import type { FilePlace, WriterLock } from './place.ts'
import { fits, readRedo, writeRedo, type Redo } from './redo-file.ts'

interface Opened {
  readonly file: DiskFile | undefined
  readonly inode: number | undefined
  version: Uint8Array
}

export class DatabaseFile {
  readonly #path: string
  readonly #redo: string
  readonly #disk: Disk
  readonly #lock: WriterLock
  readonly #empty: () => Uint8Array
  #opened: Opened | undefined
  #isLocked = false

  /** @param empty makes the file of a database with nothing in it */
  constructor({ path, disk, lock }: FilePlace, empty: () => Uint8Array) {
    this.#path = path
    this.#redo = `${path}-redo`
    this.#disk = disk
    this.#lock = lock
    this.#empty = empty
  }

  /**
   * The database as it is now; a commit that somebody could not finish is finished first.
   *
   * @throws TidemarkError `storage_open_failed` when it is none, or another program has left unfinished work beside it;
   * `storage_unavailable`
   */
  async open(): Promise<PageImage> {
    do {
      this.close()
      await this.#recover()
      this.#requireFinished()
      this.#opened = this.#openNow()
      // A version that was read while a commit was being copied into the file would stay the same to its end.
    } while (this.#disk.stat(this.#redo) !== undefined)
    const { file } = this.#opened
    // Asked for after the version, since a file that has grown before is no damage.
    const size = this.#stats()?.size ?? 0
    const kind = file === undefined || size === 0 ? 'sqlite' : kindOfFile(file)
    if (kind !== 'sqlite' && this.isCurrent()) throw this.unreadable(undefined, kind)
    const image = new PageImage(file, file === undefined ? 0 : size, this.#empty)
    const isWhole = image.pageSize >= 512 && Number.isInteger(Math.log2(image.pageSize)) && (size === 0 || image.size <= size)
    // Somebody may be changing it at this moment, which is no damage.
    if (!isWhole && this.isCurrent()) throw this.unreadable()
    return image
  }

  /** False when the file is no more as it was opened, or is being changed. */
  isCurrent(): boolean {
    if (this.#opened === undefined || this.#disk.stat(this.#redo) !== undefined) return false
    const { file, inode, version } = this.#opened
    return this.#disk.stat(this.#path)?.inode === inode && isEqual(versionOf(file), version)
  }

  /** Waits until nobody else changes the file. */
  async lock(signal?: AbortSignal, timeoutMs?: number): Promise<void> {
    if (this.#isLocked) return
    await this.#lock.acquire(signal, timeoutMs)
    this.#isLocked = true
  }

  unlock(): void {
    if (!this.#isLocked) return
    this.#isLocked = false
    this.#lock.release()
  }

  /** Keeps everybody else away meanwhile; a lock that is held already stays. */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isLocked) return work()
    await this.lock()
    try {
      return await work()
    } finally {
      this.unlock()
    }
  }

  /**
   * Makes what was committed in the image durable. The lock must be held. Resolves once it would outlive a power cut; when
   * it rejects, the file is as it was, except that a flush which failed after the fact leaves that open, and says so.
   *
   * @throws TidemarkError `storage_busy` when another program has changed the file, `storage_unavailable`
   */
  async save(image: PageImage): Promise<void> {
    if (!this.isCurrent()) throw overtakenError(this.#path)
    const stats = this.#disk.stat(this.#path)
    if (stats === undefined || stats.size === 0) return this.#create(image)
    await this.#change(image, stats)
  }

  close(): void {
    this.#opened?.file?.close()
    this.#opened = undefined
  }

  /** Removes what a process that died while it wrote has left beside the file; not while somebody else writes, and without an error. */
  async tidy(): Promise<void> {
    const unfinished = [`${this.#path}.new`, `${this.#redo}.new`]
    try {
      if (!this.#lock.isThere() && [this.#redo, ...unfinished].every((path) => this.#disk.stat(path) === undefined)) return
      await this.lock(undefined, 0)
      await this.#recover()
      for (const path of unfinished) if (this.#disk.stat(path) !== undefined) await this.#disk.remove(path)
    } catch {
      // Who opens the file next is told what matters.
    } finally {
      this.unlock()
    }
  }

  /** The error for content that SQLite cannot read. */
  unreadable(cause?: unknown, kind: 'newer' | 'other' = 'other'): Error {
    this.close()
    return kind === 'newer' ? newerFormatError(this.#path) : unreadableError(this.#path, cause)
  }

  /** The error for content that never stands still. */
  unsettled(): Error {
    return unsettledError(this.#path)
  }

  async #create(image: PageImage): Promise<void> {
    const fresh = `${this.#path}.new`
    try {
      const file = this.#disk.open(fresh, 'replace')
      try {
        await writePages(file, image.committed, image.pageSize)
        await file.sync()
      } finally {
        file.close()
      }
      await this.#disk.rename(fresh, this.#path)
    } catch (cause) {
      await this.#forget(fresh)
      throw notWrittenError(this.#path, cause)
    }
    this.close()
    if (!(await this.#syncFolder())) throw uncertainError(this.#path)
  }

  async #change(image: PageImage, stats: DiskStats): Promise<void> {
    const { pageSize, size, changeCounter: after, flushedSize } = image
    const pages = [...image.committed]
    const added = new Map(pages.filter(([page]) => page * pageSize >= flushedSize))
    const redo: Redo = { pageSize, size, before: changeCounterOf(this.#opened?.file), after, pages: new Map(pages.filter(([page]) => !added.has(page))) }
    await this.#prepare(redo, added, stats.size)
    const isNamed = await this.#syncFolder()
    try {
      await this.#apply(redo)
      image.flushed()
      if (redo.size >= stats.size && this.#opened !== undefined) this.#opened.version = versionOf(this.#opened.file)
      // Cut shorter, it is opened anew: see `EngineBytes`.
      else this.close()
    } catch (cause) {
      this.close()
      // Under its name the commit is made, and whoever opens the file next finishes it.
      if (!isNamed) throw uncertainError(this.#path, cause)
    }
  }

  /** Everything that can run out of space, before anything that others see. */
  async #prepare(redo: Redo, added: Pages, oldSize: number): Promise<void> {
    const fresh = `${this.#redo}.new`
    try {
      const file = this.#disk.open(this.#path, 'write')
      try {
        if (added.size > 0) {
          await writePages(file, added, redo.pageSize)
          await file.sync()
        }
        await this.#writeRedo(fresh, redo)
        await this.#disk.rename(fresh, this.#redo)
      } catch (cause) {
        if (added.size > 0) await file.truncate(oldSize).catch(() => undefined)
        throw cause
      } finally {
        file.close()
      }
    } catch (cause) {
      await this.#forget(fresh)
      throw notWrittenError(this.#path, cause)
    }
  }

  async #writeRedo(path: string, redo: Redo): Promise<void> {
    const file = this.#disk.open(path, 'replace')
    try {
      await writeRedo(file, redo)
      await file.sync()
    } finally {
      file.close()
    }
  }

  async #apply({ pages, pageSize, size }: Redo): Promise<void> {
    const file = this.#disk.open(this.#path, 'write')
    try {
      await writePages(file, pages, pageSize)
      if ((this.#disk.stat(this.#path)?.size ?? 0) > size) await file.truncate(size)
      await file.sync()
    } finally {
      file.close()
    }
    await this.#disk.remove(this.#redo)
  }

  async #recover(): Promise<void> {
    if (this.#disk.stat(this.#redo) === undefined) return
    await this.locked(async () => {
      const stats = this.#disk.stat(this.#redo)
      if (stats !== undefined) await this.#finish(stats)
    })
  }

  async #finish(stats: DiskStats): Promise<void> {
    try {
      const redo = this.#reading(this.#redo, (file) => readRedo(file, stats.size))
      // One that is not whole was never a commit: it gets its name when it is.
      if (redo === undefined) return await this.#disk.remove(this.#redo)
      if (fits(redo, this.#reading(this.#path, changeCounterOf))) return await this.#apply(redo)
    } catch (cause) {
      throw notRecoveredError(this.#path, cause)
    }
    throw leftoverError(this.#path, '-redo', 'a commit of Tidemark that was not finished before another program changed the file', `Delete "${this.#redo}" to go on without that commit.`)
  }

  #openNow(): Opened {
    const stats = this.#stats()
    let file: DiskFile | undefined
    try {
      file = stats === undefined ? undefined : this.#disk.open(this.#path, 'read')
      return { file, inode: stats?.inode, version: versionOf(file) }
    } catch (cause) {
      file?.close()
      throw openError(this.#path, cause)
    }
  }

  #reading<T>(path: string, read: (file: DiskFile) => T): T {
    const file = this.#disk.open(path, 'read')
    try {
      return read(file)
    } finally {
      file.close()
    }
  }

  #stats(): DiskStats | undefined {
    try {
      const stats = this.#disk.stat(this.#path)
      if (stats?.isFile === false) throw Object.assign(new Error('Not a file'), { code: 'EISDIR' })
      return stats
    } catch (cause) {
      throw openError(this.#path, cause)
    }
  }

  #requireFinished(): void {
    for (const [suffix, content] of [['-wal', 'a write-ahead log'], ['-journal', 'an unfinished transaction']] as const) {
      if ((this.#disk.stat(this.#path + suffix)?.size ?? 0) > 0) {
        throw leftoverError(this.#path, suffix, `${content} of another program`, 'Close that program, or open the file once with the sqlite3 program, then try again.')
      }
    }
  }

  async #forget(path: string): Promise<void> {
    await this.#disk.remove(path).catch(() => undefined)
  }

  /** False when it could not; then the flush of the file that follows has to make the commit durable. */
  async #syncFolder(): Promise<boolean> {
    return this.#disk.syncFolder(dirname(this.#path)).then(() => true, () => false)
  }
}
