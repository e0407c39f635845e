/** Puts pages together into few large writes. */
import type { DiskFile } from './disk.ts'
import type { Pages } from './page-image.ts'

const chunkBytes = 1024 * 1024

/** Each to its place, in the order of the file, neighbours together. */
export async function writePages(file: DiskFile, pages: Pages, pageSize: number): Promise<void> {
  const sorted = [...pages].sort(([a], [b]) => a - b)
  for (let first = 0; first < sorted.length; ) {
    const start = sorted[first]?.[0] ?? 0
    let last = first
    while (sorted[last + 1]?.[0] === start + last + 1 - first) last += 1
    let position = start * pageSize
    for (const chunk of chunks(sorted.slice(first, last + 1).map(([, bytes]) => bytes))) {
      await file.write(chunk, position)
      position += chunk.length
    }
    first = last + 1
  }
}

/** Pages of one size, one behind the other, in pieces of about a megabyte. */
export function* chunks(pages: readonly Uint8Array[]): Generator<Uint8Array> {
  const pageSize = pages[0]?.length ?? 0
  const perChunk = Math.max(1, Math.floor(chunkBytes / Math.max(1, pageSize)))
  for (let first = 0; first < pages.length; first += perChunk) {
    const group = pages.slice(first, first + perChunk)
    const bytes = new Uint8Array(group.length * pageSize)
    group.forEach((page, index) => bytes.set(page, index * pageSize))
    yield bytes
  }
}
