/** The header of an SQLite file (https://www.sqlite.org/fileformat.html, 1.3): where it has what, and what is read of it on the disk. */
import type { DiskFile } from './disk.ts'

/** In bytes from the start. `formats` are two: for who writes, and for who reads. */
export const header = { pageSize: 16, formats: 18, changeCounter: 24, pageCount: 28, countedAt: 92 } as const

/** From the change counter on, what SQLite itself goes by when it asks whether its cache still holds. */
const version = { start: 24, end: 40 } as const
const magic = new TextEncoder().encode('SQLite format 3\0')
/** 1 for a rollback journal, 2 for a write-ahead log. */
const newestFormat = 2

/** `newer`: SQLite's file format has gone on since. */
export function kindOfFile(file: DiskFile): 'sqlite' | 'newer' | 'other' {
  const start = new Uint8Array(header.formats + 2)
  file.read(start, 0)
  if (!isEqual(start.subarray(0, magic.length), magic)) return 'other'
  return start.subarray(header.formats).every((format) => format <= newestFormat) ? 'sqlite' : 'newer'
}

/** Another one after each commit, whoever made it. */
export function versionOf(file: DiskFile | undefined): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(version.end - version.start)
  file?.read(bytes, version.start)
  return bytes
}

export function changeCounterOf(file: DiskFile | undefined): number {
  return new DataView(versionOf(file).buffer).getUint32(0)
}

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
