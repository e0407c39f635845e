/**
 * Lets processes (and storages of one process) use a database on disk in turn: whoever uses it makes a small file that
 * names its process, and removes it afterwards. Files and processes come from the runtime of the adapter.
 *
 * A process that can be seen from here holds its lock as long as it lives, busy or suspended, and not a moment longer: its
 * start time tells it from a later one with the same number. The owner on another host or in another container cannot be
 * seen; it is believed to be dead when it has not touched its file for 20 seconds.
 */
import * as v from 'valibot'
import { type TidemarkError, abortedError, systemCode } from '../errors.ts'

/** The part of Node's `fs`, `os` and `process` that is used. */
export interface LockRuntime {
  readonly fs: {
    writeFileSync(path: string, text: string, options: { readonly flag: 'wx'; readonly mode: number }): void
    readFileSync(path: string, encoding: 'utf8'): string
    readlinkSync(path: string): string
    statSync(path: string): { readonly mtimeMs: number }
    utimesSync(path: string, accessed: Date, modified: Date): void
    renameSync(from: string, to: string): void
    rmSync(path: string, options: { readonly force: true }): void
  }
  readonly os: { hostname(): string }
  readonly process: { readonly pid: number; readonly argv: readonly string[]; kill(pid: number, signal: 0): boolean }
}

/** Who holds a lock, as its file says. */
export interface LockOwner {
  readonly pid: number
  readonly host: string
  readonly program: string
  /** Instant, UTC. */
  readonly since: string
}

export interface LockWait {
  /** A lock that does not name its owner yet is waited for in any case: two seconds at most. */
  readonly timeoutMs: number
  /** The error when somebody else has the lock for all that time; the owner is unknown when it cannot be read. */
  readonly onTimeout: (owner: LockOwner | undefined) => TidemarkError
  readonly signal?: AbortSignal | undefined
}

export interface FileLock {
  /** @throws TidemarkError that of `onTimeout`, or `aborted` */
  acquire(wait: LockWait): Promise<void>
  /** Safe to call when the lock is not held. */
  release(): void
  /** Who has it, as far as can be seen from here; undefined when nobody has, or its owner is dead. Changes nothing. */
  holder(): LockOwner | undefined
}

const touchMs = 2_000
const staleMs = 20_000
/** For a living process of which no start time is known: long, for it may be at work, and not for ever. */
const unsureMs = 600_000
/** The time in which a new file gets its content. */
const unwrittenMs = 1_000
const pollMs = 20

export function createFileLock(path: string, { fs, os, process: runtime }: LockRuntime): FileLock {
  const read = (file: string): string | undefined => attempt(() => fs.readFileSync(file, 'utf8'))
  const host = shown(os.hostname())
  // Within one such space, a number means one process.
  const space = [host, read('/proc/sys/kernel/random/boot_id')?.trim(), attempt(() => fs.readlinkSync('/proc/self/ns/pid'))].join(' ')
  const self = { token: crypto.randomUUID(), pid: runtime.pid, started: processState(read('/proc/self/stat'))?.started ?? '', space }
  const program = shown(runtime.argv[1]?.split(/[\\/]/).at(-1) ?? 'node')
  let content = ''
  let touching: ReturnType<typeof setInterval> | undefined

  /** False when the file is there already, or when somebody took it for abandoned before its content was written. */
  const create = (file: string): boolean => {
    try {
      fs.writeFileSync(file, content, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
    // In this order: who claims it reads it again after the claim.
    return read(`${file}.unwritten`) === undefined && read(file) === content
  }

  /**
   * Makes the file, or replaces that of a dead owner. The right to do so is a file too, named after that owner, so that of
   * many who saw him dead one does it, and none who saw him long ago; and it passes on in the same way when its owner dies.
   */
  const makeMine = (file: string): boolean => {
    if (create(file)) return true
    const seen = read(file)
    if (seen === undefined) return create(file)
    if (seen === content || !isAbandoned(file, seen)) return false
    const claim = `${file}.${seen === '' ? 'unwritten' : (ownerOf(seen)?.token ?? 'unknown')}`
    if (!makeMine(claim)) return false
    if (read(file) === seen && attempt(() => (fs.renameSync(claim, file), true)) === true) return true
    fs.rmSync(claim, { force: true })
    return false
  }

  const isAbandoned = (file: string, seen: string): boolean => {
    const touched = attempt(() => fs.statSync(file).mtimeMs)
    const untouchedMs = touched === undefined ? 0 : Date.now() - touched
    if (seen === '') return untouchedMs > unwrittenMs
    const owner = ownerOf(seen)
    if (owner?.space !== space) return untouchedMs > staleMs
    const life = lifeOf(owner)
    return life === 'dead' || (life === 'unsure' && untouchedMs > unsureMs)
  }

  const lifeOf = ({ pid, started }: { readonly pid: number; readonly started: string }): 'alive' | 'dead' | 'unsure' => {
    try {
      runtime.kill(pid, 0)
    } catch (error) {
      if (systemCode(error) === 'ESRCH') return 'dead'
    }
    const found = processState(read(`/proc/${pid}/stat`))
    if (found === undefined || started === '') return 'unsure'
    return found.started === started && !found.isZombie ? 'alive' : 'dead'
  }

  const take = (): boolean => {
    try {
      if (!makeMine(path)) return false
    } catch (error) {
      // Nobody can write in such a folder: there is nothing to wait for, and a write will fail with its own reason.
      if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) return true
      throw error
    }
    touching = setInterval(() => {
      if (read(path) === content) attempt(() => fs.utimesSync(path, new Date(), new Date()))
    }, touchMs)
    letProcessEnd(touching)
    return true
  }

  const remove = (): void => {
    if (read(path) === content) fs.rmSync(path, { force: true })
  }

  return {
    async acquire({ timeoutMs, onTimeout, signal }) {
      const deadline = performance.now() + timeoutMs
      content = `${JSON.stringify({ ...self, host, program, since: new Date().toISOString() })}\n`
      while (!take()) {
        const isAborted = signal?.aborted === true
        const overMs = performance.now() - deadline
        // Without content its owner may be dead, which shows within that second; where the clock that dates files was set back, it does not.
        if (isAborted || (overMs >= 0 && read(path) !== '') || overMs > 2 * unwrittenMs) {
          remove()
          throw isAborted ? abortedError('Cannot lock the database', signal) : onTimeout(ownerOf(read(path) ?? ''))
        }
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    release() {
      if (touching === undefined) return
      clearInterval(touching)
      touching = undefined
      remove()
    },
    holder() {
      const seen = read(path)
      return seen === undefined || isAbandoned(path, seen) ? undefined : ownerOf(seen)
    },
  }
}

/** The owner for the `why` of an error: process, program, host and since when. */
export function ownerText(owner: LockOwner | undefined): string {
  return owner === undefined ? 'another process' : `process ${owner.pid} ("${owner.program}" on "${owner.host}", since ${owner.since})`
}

// Shown to people, so nothing but plain names.
const name = v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/))
const ownerSchema = v.object({
  token: v.pipe(v.string(), v.uuid()),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  started: v.string(),
  space: v.string(),
  host: name,
  program: name,
  since: v.pipe(v.string(), v.isoTimestamp()),
})

function ownerOf(text: string): v.InferOutput<typeof ownerSchema> | undefined {
  const parsed = v.safeParse(ownerSchema, attempt((): unknown => JSON.parse(text)))
  return parsed.success ? parsed.output : undefined
}

function shown(text: string): string {
  return text.replaceAll(/[^\w.@-]+/g, '').slice(0, 64) || 'unknown'
}

/** From `/proc/<pid>/stat` of Linux: state and start time stand third and 22nd, behind a name that may have any characters. */
function processState(stat: string | undefined): { readonly started: string; readonly isZombie: boolean } | undefined {
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const started = fields[18]
  return started === undefined ? undefined : { started, isZombie: state === 'Z' || state === 'X' }
}

/** A storage that nobody closed must not keep Node running; timers of the web are numbers and have no such power. */
function letProcessEnd(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref()
}

/** Another process may be faster at any step; then there is nothing to do. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
