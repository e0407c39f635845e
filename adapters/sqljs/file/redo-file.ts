/**
 * The form of a redo file: the pages of one commit that replace pages of the database file, and what the file is to
 * become. Only a whole one is read: a digest over everything stands at its end.
 *
 * Layout, big-endian: magic (16 bytes); page size, number of pages, change counter before, change counter after
 * (4 bytes each); size of the database (8); page numbers (4 each); pages; SHA-256 (32).
 */
import { createHash } from 'node:crypto'
import type { DiskFile } from './disk.ts'
import type { Pages } from './page-image.ts'
import { chunks } from './page-writer.ts'

export interface Redo {
  readonly pageSize: number
  /** Change counters of the database before and after the commit. */
  readonly before: number
  readonly after: number
  /** Of the database after the commit, in bytes. */
  readonly size: number
  readonly pages: Pages
}

const magic = new TextEncoder().encode('tidemark redo 1\n')
const headSize = magic.length + 4 * 4 + 8
const digestSize = 32

export async function writeRedo(file: DiskFile, redo: Redo): Promise<void> {
  const digest = createHash('sha256')
  let position = 0
  const write = async (bytes: Uint8Array): Promise<void> => {
    digest.update(bytes)
    await file.write(bytes, position)
    position += bytes.length
  }
  await write(headOf(redo))
  for (const chunk of chunks([...redo.pages.values()])) await write(chunk)
  await file.write(digest.digest(), position)
}

/** Undefined when it is not whole. */
export function readRedo(file: DiskFile, fileSize: number): Redo | undefined {
  const bytes = new Uint8Array(fileSize)
  if (file.read(bytes, 0) < headSize + digestSize || !magic.every((byte, index) => bytes[index] === byte)) return undefined
  const content = bytes.subarray(0, fileSize - digestSize)
  const digest = createHash('sha256').update(content).digest()
  if (!digest.every((byte, index) => bytes[content.length + index] === byte)) return undefined
  const head = new DataView(bytes.buffer)
  const [pageSize, count, before, after] = [0, 4, 8, 12].map((offset) => head.getUint32(magic.length + offset)) as [number, number, number, number]
  const first = headSize + 4 * count
  const pages = new Map<number, Uint8Array>()
  for (let index = 0; index < count; index += 1) {
    pages.set(head.getUint32(headSize + 4 * index), bytes.subarray(first + index * pageSize, first + (index + 1) * pageSize))
  }
  return { pageSize, before, after, size: Number(head.getBigUint64(magic.length + 16)), pages }
}

/**
 * Whether a database file with this change counter is the one that the commit was for, perhaps with a part of the commit
 * in it. Not so when another program has written since. A write that was cut can leave bytes of both counters.
 */
export function fits(redo: Redo, counter: number): boolean {
  return [24, 16, 8, 0].every((shift) => [redo.before, redo.after].some((known) => ((known >>> shift) & 255) === ((counter >>> shift) & 255)))
}

function headOf({ pageSize, pages, before, after, size }: Redo): Uint8Array {
  const bytes = new Uint8Array(headSize + 4 * pages.size)
  const head = new DataView(bytes.buffer)
  bytes.set(magic)
  for (const [index, value] of [pageSize, pages.size, before, after].entries()) head.setUint32(magic.length + 4 * index, value)
  head.setBigUint64(magic.length + 16, BigInt(size))
  for (const [index, page] of [...pages.keys()].entries()) head.setUint32(headSize + 4 * index, page)
  return bytes
}
