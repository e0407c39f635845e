/**
 * A database file as SQLite is to see it: the bytes on disk, under what was committed since, under what the open
 * transaction has written. Only changed pages are held in memory. Nothing is written to the disk here.
 */
import { header } from './file-header.ts'

/** Where pages that did not change are read from. */
export interface PageSource {
  /** Fills `target` from the position on; gives how many bytes there were. */
  read(target: Uint8Array, position: number): number
}

/** Changed pages by number, counted from 0. */
export type Pages = ReadonlyMap<number, Uint8Array>

const readAhead = 128 * 1024

export class PageImage {
  readonly #file: PageSource | undefined
  readonly #fileSize: number
  readonly #committed = new Map<number, Uint8Array>()
  readonly #open = new Map<number, Uint8Array>()
  #pageSize: number
  #ahead = { start: 0, bytes: new Uint8Array(0) }
  #lastEnd = -1
  #committedSize: number
  #flushedSize: number

  /** @param empty makes the file of a database with nothing in it, used while there is no file or one of no bytes */
  constructor(file: PageSource | undefined, fileSize: number, empty: () => Uint8Array) {
    this.#file = file
    this.#fileSize = fileSize
    this.#pageSize = 512
    if (fileSize === 0) {
      const page = empty()
      this.#pageSize = page.length
      this.#committed.set(0, page)
    }
    this.#pageSize = this.#headerPageSize
    this.#committedSize = this.size
    this.#flushedSize = fileSize === 0 ? 0 : this.size
  }

  /** The size of the database in bytes. The file may be longer, when an unfinished commit has left something behind. */
  get size(): number {
    const isCounted = this.#uint32(header.pageCount) > 0 && this.#uint32(header.countedAt) === this.changeCounter
    return isCounted ? this.#uint32(header.pageCount) * this.#headerPageSize : this.#fileSize
  }

  get pageSize(): number {
    return this.#pageSize
  }

  /** Goes up by one with each commit. */
  get changeCounter(): number {
    return this.#uint32(header.changeCounter)
  }

  /** Bytes of the database; zeros behind its end. Valid until the next call. */
  read(start: number, end: number): Uint8Array {
    const page = Math.floor(start / this.#pageSize)
    const changed = this.#open.get(page) ?? this.#committed.get(page)
    const offset = start - page * this.#pageSize
    if (end <= (page + 1) * this.#pageSize) return changed === undefined ? this.#onDisk(start, end) : changed.subarray(offset, offset + end - start)
    const whole = new Uint8Array(end - start)
    for (let position = start; position < end; ) {
      const stop = Math.min(end, (Math.floor(position / this.#pageSize) + 1) * this.#pageSize)
      whole.set(this.read(position, stop), position - start)
      position = stop
    }
    return whole
  }

  /** Writes whole pages, in the open transaction. */
  write(bytes: Uint8Array, position: number): void {
    if (bytes.length < this.#pageSize) this.#usePageSize(bytes.length)
    for (let done = 0; done < bytes.length; done += this.#pageSize) {
      this.#open.set((position + done) / this.#pageSize, bytes.slice(done, done + this.#pageSize))
    }
  }

  /** The open transaction has written something. */
  get isChanged(): boolean {
    return this.#open.size > 0
  }

  /** @returns true when the database has become smaller: then SQLite no longer works on this image, and has to be started anew */
  commit(): boolean {
    for (const [page, bytes] of this.#open) this.#committed.set(page, bytes)
    this.#open.clear()
    const before = this.#committedSize
    this.#committedSize = this.size
    return this.#committedSize < before
  }

  rollback(): void {
    this.#open.clear()
  }

  /** What was committed and is not on the disk yet. */
  get committed(): Pages {
    return this.#committed
  }

  /** The size of the database on the disk, in bytes. */
  get flushedSize(): number {
    return this.#flushedSize
  }

  /** The disk has what was committed. */
  flushed(): void {
    this.#flushedSize = this.size
    this.#committed.clear()
    this.#ahead = { start: 0, bytes: new Uint8Array(0) }
  }

  get #headerPageSize(): number {
    const [high = 0, low = 0] = this.read(header.pageSize, header.pageSize + 2)
    return high === 0 && low === 1 ? 65_536 : high * 256 + low
  }

  #uint32(position: number): number {
    const bytes = this.read(position, position + 4)
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
  }

  #onDisk(start: number, end: number): Uint8Array {
    const { start: from, bytes } = this.#ahead
    const isSequential = start === this.#lastEnd
    this.#lastEnd = end
    if (start >= from && end <= from + bytes.length) return bytes.subarray(start - from, end - from)
    const target = new Uint8Array(isSequential ? Math.max(readAhead, end - start) : end - start)
    this.#file?.read(target, start)
    // A file in WAL mode, at rest: it is taken for what the next commit makes of it, one in rollback mode.
    for (const at of [header.formats, header.formats + 1]) if (start <= at && at < start + target.length && target[at - start] === 2) target[at - start] = 1
    if (isSequential) this.#ahead = { start, bytes: target }
    return target.subarray(0, end - start)
  }

  /** VACUUM can change the page size. All sizes are powers of two, so what is held can be cut into smaller pages. */
  #usePageSize(size: number): void {
    for (const pages of [this.#open, this.#committed]) {
      const old = [...pages]
      pages.clear()
      for (const [page, bytes] of old) for (let at = 0; at < bytes.length; at += size) pages.set((page * this.#pageSize + at) / size, bytes.subarray(at, at + size))
    }
    this.#pageSize = size
  }
}
