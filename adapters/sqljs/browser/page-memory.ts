/** One version of a database, all pages in memory. SQLite reads it as it would read a file. */
import type { PageSource } from '../file/page-image.ts'
import type { PageCommit, PageChanges } from './page-store.ts'

export class PageMemory implements PageSource {
  #pages = new Map<number, Uint8Array>()
  #pageSize = 0
  #size = 0
  #version = 0

  /** 0 while nobody has committed. */
  get version(): number {
    return this.#version
  }

  /** In bytes. */
  get size(): number {
    return this.#size
  }

  get pageSize(): number {
    return this.#pageSize
  }

  apply({ version, size, pageSize, pages }: PageChanges | PageCommit): void {
    // Then all pages are given.
    if (pageSize !== this.#pageSize) this.#pages.clear()
    for (const [page, bytes] of pages) this.#pages.set(page, bytes)
    if (size < this.#size) for (const page of this.#pages.keys()) if (page * pageSize >= size) this.#pages.delete(page)
    this.#version = version
    this.#size = size
    this.#pageSize = pageSize
  }

  read(target: Uint8Array, position: number): number {
    const end = Math.min(this.#size, position + target.length)
    for (let at = position; at < end; ) {
      const page = Math.floor(at / this.#pageSize)
      const offset = at - page * this.#pageSize
      const count = Math.min(end - at, this.#pageSize - offset)
      // SQLite leaves out pages that nobody needs; they read as zeros, like a hole in a file.
      const bytes = this.#pages.get(page)
      if (bytes !== undefined) target.set(bytes.subarray(offset, offset + count), at - position)
      at += count
    }
    return Math.max(0, end - position)
  }
}
