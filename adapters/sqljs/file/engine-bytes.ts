/**
 * What sql.js gets for the bytes of a file. It takes a copy with `slice` and keeps that in its file system in memory,
 * where SQLite's reads arrive as `subarray` and its writes as `set`: so this object, which stays what it is when it is
 * copied, passes both on, and SQLite works on the file itself without a copy of it in memory.
 *
 * That is how sql.js works inside, not what it promises: the dependency is pinned, and `isInUse` tells whether it holds.
 */
import type { PageImage } from './page-image.ts'

/** More than any file: sql.js makes room, with an array of its own, for writes behind the end only. */
const capacity = 2 ** 48
const largestPage = 65_536

export class EngineBytes implements ArrayLike<number> {
  readonly [index: number]: number
  readonly #image: PageImage
  #length: number
  #isInUse = false

  constructor(image: PageImage) {
    this.#image = image
    this.#length = image.size
  }

  get length(): number {
    return this.#length
  }

  /** True when SQLite has read or written here since it was last asked. */
  get isInUse(): boolean {
    const answer = this.#isInUse
    this.#isInUse = false
    return answer
  }

  slice(): this {
    this.#length = capacity
    return this
  }

  subarray(start: number, end: number): Uint8Array {
    this.#isInUse = true
    // Longer than a page: the file is cut, for which sql.js copies the rest into an array of its own. A database that has
    // become smaller is opened anew, so that nobody reads there.
    return end - start > largestPage ? new Uint8Array(0) : this.#image.read(start, end)
  }

  set(bytes: Uint8Array, position: number): void {
    this.#isInUse = true
    this.#image.write(bytes, position)
  }
}
