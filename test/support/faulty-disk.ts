/**
 * A disk in memory that can lose its power, be killed in the middle of a write, or run full. What was not flushed may be
 * there after a power cut or not, each write on its own, whole or in part; names change in order, up to any point.
 */
import type { Disk, DiskFile } from '../../adapters/sqljs/file/disk.ts'

interface Inode {
  readonly number: number
  /** What the system shows. */
  now: Uint8Array
  /** What would be there for certain after a power cut. */
  flushed: Uint8Array
  changes: Change[]
}

type Change = { readonly kind: 'write'; readonly bytes: Uint8Array; readonly position: number } | { readonly kind: 'truncate'; readonly size: number }
type Names = Map<string, Inode>

export class Crash extends Error {}

export class FaultyDisk implements Disk {
  readonly #random: () => number
  #names: Names
  #flushedNames: Names
  #renames: ((names: Names) => void)[] = []
  #inodes = 0
  /** Calls that change something, counted from 1. */
  #calls = 0
  #crashAt = Infinity
  #isDead = false
  /** Bytes that all files together may have. */
  capacity = Infinity
  isReadOnly = false

  /** @param random from 0 to 1 */
  constructor(random: () => number, names: Names = new Map()) {
    this.#random = random
    this.#names = names
    this.#flushedNames = new Map(names)
    this.#inodes = names.size
  }

  /** The call of that number from now on is cut in the middle, and everything after it fails. */
  crashAfter(calls: number): void {
    this.#crashAt = this.#calls + calls
  }

  get calls(): number {
    return this.#calls
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** The disk as the next process finds it when the process of this one was killed. */
  afterKill(): FaultyDisk {
    return this.#successor(this.#names, (inode) => inode.now)
  }

  /** The disk as the next process finds it when the power was cut. */
  afterPowerCut(): FaultyDisk {
    const names = new Map(this.#flushedNames)
    const kept = Math.floor(this.#random() * (this.#renames.length + 1))
    for (const rename of this.#renames.slice(0, kept)) rename(names)
    return this.#successor(names, (inode) => inode.changes.reduce((bytes, change) => (this.#random() < 0.5 ? bytes : apply(bytes, this.#torn(change))), inode.flushed))
  }

  files(): readonly string[] {
    return [...this.#names.keys()].toSorted()
  }

  content(path: string): Uint8Array {
    return (this.#names.get(path)?.now ?? new Uint8Array(0)).slice()
  }

  stat(path: string): ReturnType<Disk['stat']> {
    if (this.#isDead) throw new Crash()
    const inode = this.#names.get(path)
    return inode && { inode: inode.number, size: inode.now.length, isFile: true }
  }

  open(path: string, access: 'read' | 'write' | 'replace'): DiskFile {
    if (this.#isDead) throw new Crash()
    if (this.isReadOnly && access !== 'read') throw Object.assign(new Error('Read-only file system'), { code: 'EROFS' })
    let inode = this.#names.get(path)
    if (inode === undefined) {
      if (access === 'read') throw Object.assign(new Error('No such file'), { code: 'ENOENT' })
      const made: Inode = { number: (this.#inodes += 1), now: new Uint8Array(0), flushed: new Uint8Array(0), changes: [] }
      this.#change(() => undefined)
      this.#rename((names) => void names.set(path, made))
      inode = made
    } else if (access === 'replace') this.#alter(inode, { kind: 'truncate', size: 0 })
    return this.#file(inode)
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.#names.get(from)
    if (inode === undefined) throw Object.assign(new Error('No such file'), { code: 'ENOENT' })
    this.#change(() => undefined)
    this.#rename((names) => {
      names.delete(from)
      names.set(to, inode)
    })
  }

  async remove(path: string): Promise<void> {
    this.#change(() => undefined)
    this.#rename((names) => void names.delete(path))
  }

  async syncFolder(): Promise<void> {
    this.#change(() => undefined)
    this.#flushedNames = new Map(this.#names)
    this.#renames = []
  }

  #file(inode: Inode): DiskFile {
    return {
      read: (target, position) => {
        if (this.#isDead) throw new Crash()
        const bytes = inode.now.subarray(position, position + target.length)
        target.set(bytes)
        return bytes.length
      },
      write: async (bytes, position) => this.#alter(inode, { kind: 'write', bytes: bytes.slice(), position }),
      truncate: async (size) => this.#alter(inode, { kind: 'truncate', size }),
      sync: async () => {
        this.#change(() => undefined)
        inode.flushed = inode.now
        inode.changes = []
      },
      close: () => undefined,
    }
  }

  #alter(inode: Inode, change: Change): void {
    const keep = (made: Change): void => {
      inode.now = apply(inode.now, made)
      inode.changes.push(made)
    }
    this.#change(() => keep(this.#torn(change)))
    if (change.kind === 'write') {
      const used = [...this.#names.values()].reduce((sum, { now }) => sum + now.length, 0)
      const growth = change.position + change.bytes.length - inode.now.length
      if (growth > 0 && used + growth > this.capacity) {
        keep({ ...change, bytes: change.bytes.subarray(0, Math.max(0, Math.min(change.bytes.length, this.capacity - used))) })
        throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' })
      }
    }
    keep(change)
  }

  #change(part: () => void): void {
    if (this.#isDead) throw new Crash()
    this.#calls += 1
    if (this.#calls < this.#crashAt) return
    part()
    this.#isDead = true
    throw new Crash()
  }

  #rename(rename: (names: Names) => void): void {
    rename(this.#names)
    this.#renames.push(rename)
  }

  /** A part of a write, from its start; or all of it, or nothing. */
  #torn(change: Change): Change {
    if (change.kind === 'truncate') return change
    const share = this.#random() * 1.4 - 0.2
    return { ...change, bytes: change.bytes.subarray(0, Math.round(Math.max(0, Math.min(1, share)) * change.bytes.length)) }
  }

  #successor(names: Names, content: (inode: Inode) => Uint8Array): FaultyDisk {
    const copies = [...names].map(([path, inode], index): [string, Inode] => {
      const bytes = content(inode)
      return [path, { number: index + 1, now: bytes, flushed: bytes, changes: [] }]
    })
    return new FaultyDisk(this.#random, new Map(copies))
  }
}

function apply(bytes: Uint8Array, change: Change): Uint8Array {
  if (change.kind === 'write' && change.bytes.length === 0) return bytes
  const length = change.kind === 'truncate' ? change.size : Math.max(bytes.length, change.position + change.bytes.length)
  const next = new Uint8Array(length)
  next.set(bytes.subarray(0, length))
  if (change.kind === 'write') next.set(change.bytes, change.position)
  return next
}
