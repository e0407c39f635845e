/**
 * What sql.js gets for the bytes of a database in memory. Its own array is copied into a larger one again and again while the
 * database grows, with both in memory meanwhile; here blocks are added. How sql.js is made to use it: see `file/engine-bytes.ts`.
 * One that copied it by its indexes would find zeros, which SQLite refuses as no database.
 */

/** More than any database. */
const capacity = 2 ** 48
/** A multiple of every page size, and small beside what SQLite in WebAssembly takes anyway. */
const blockSize = 1_048_576

export class MemoryBytes implements ArrayLike<number> {
  readonly [index: number]: number
  readonly #blocks: Uint8Array[] = []
  #length: number

  /** @param content of the database to begin with, at least one page */
  constructor(content: Uint8Array) {
    this.#length = content.length
    this.set(content, 0)
  }

  get length(): number {
    return this.#length
  }

  slice(): this {
    this.#length = capacity
    return this
  }

  /** A page, or a part of one; or all, when the database becomes smaller and sql.js goes on with an array of its own. */
  subarray(start: number, end: number): Uint8Array {
    const offset = start % blockSize
    const length = end - start
    if (offset + length <= blockSize) return this.#block(start).subarray(offset, offset + length)
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length; ) {
      const part = this.#block(start + done).subarray((start + done) % blockSize).subarray(0, length - done)
      bytes.set(part, done)
      done += part.length
    }
    return bytes
  }

  set(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      const offset = (position + done) % blockSize
      const part = bytes.subarray(done, done + blockSize - offset)
      this.#block(position + done).set(part, offset)
      done += part.length
    }
  }

  #block(position: number): Uint8Array {
    return (this.#blocks[Math.floor(position / blockSize)] ??= new Uint8Array(blockSize))
  }
}
