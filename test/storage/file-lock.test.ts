import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { type FileLock, type LockOwner, type LockRuntime, createFileLock, ownerText } from '../../src/storage/file-lock.ts'
import { type ScriptProcess, bundleScript, startScript } from '../support/bundled-script.ts'
import { freshFolder } from '../support/engines.ts'

const busy = (owner: LockOwner | undefined) => new TidemarkError('storage_busy', 'busy', { why: `It is used by ${ownerText(owner)}.`, next: 'no' })
const now = { timeoutMs: 0, onTimeout: busy }
const refused = { code: 'storage_busy' }

interface Machine {
  readonly host?: string
  readonly boot?: string
  readonly namespace?: string
  /** Start times of its processes; one that is missing is dead. */
  readonly processes?: Record<number, string>
  /** Without one it is no Linux. */
  readonly hasProc?: boolean
}

/** Files in memory, so that a test can do something between two steps of a lock, on machines of all kinds. */
function memoryFiles() {
  const files = new Map<string, { text: string; mtimeMs: number }>()
  const failure = (code: string): Error => Object.assign(new Error(code), { code })
  const existing = (path: string) => {
    const file = files.get(path)
    if (file === undefined) throw failure('ENOENT')
    return file
  }
  const steps = { beforeWrite: (_path: string) => {} }
  const lock = (pid: number, { host = 'here', boot = 'boot', namespace = 'pid:[1]', processes = { 1: '10', 2: '20' }, hasProc = true }: Machine = {}): FileLock => {
    const proc = (path: string): string | undefined => {
      if (path.endsWith('boot_id')) return `${boot}\n`
      const started = processes[path.includes('self') ? pid : Number(path.split('/')[2])] ?? '99'
      return `${pid} (node) (x) S ${'0 '.repeat(18)}${started} 0 0`
    }
    const runtime: LockRuntime = {
      fs: {
        writeFileSync: (path, text) => {
          steps.beforeWrite(path)
          if (files.has(path)) throw failure('EEXIST')
          files.set(path, { text, mtimeMs: Date.now() })
        },
        readFileSync: (path) => {
          if (!path.startsWith('/proc')) return existing(path).text
          const text = hasProc ? proc(path) : undefined
          if (text === undefined) throw failure('ENOENT')
          return text
        },
        readlinkSync: () => {
          if (!hasProc) throw failure('ENOENT')
          return namespace
        },
        statSync: (path) => existing(path),
        utimesSync: (path, _, modified) => {
          existing(path).mtimeMs = modified.getTime()
        },
        renameSync: (from, to) => {
          files.set(to, existing(from))
          files.delete(from)
        },
        rmSync: (path) => files.delete(path),
      },
      os: { hostname: () => host },
      process: {
        pid,
        argv: ['node', '/somewhere/program.js'],
        kill: (owner) => {
          if (processes[owner] === undefined) throw failure('ESRCH')
          return true
        },
      },
    }
    return createFileLock('lock', runtime)
  }
  const age = (ms: number): void => {
    for (const file of files.values()) file.mtimeMs -= ms
  }
  const owner = (): unknown => JSON.parse(files.get('lock')?.text ?? 'null')
  return { files, steps, lock, age, owner }
}

describe('the lock of a database on disk', () => {
  it('is held by one at a time, and given back', async () => {
    const { files, lock } = memoryFiles()
    const [first, second] = [lock(1), lock(1)]
    await first.acquire(now)
    await expect(second.acquire(now)).rejects.toMatchObject(refused)
    second.release()
    expect(files.has('lock')).toBe(true)
    first.release()
    await second.acquire(now)
    second.release()
    expect([...files.keys()]).toEqual([])
  })

  it('tells who has it, as long as that is alive, and changes nothing', async () => {
    const { files, lock } = memoryFiles()
    expect(lock(2).holder()).toBeUndefined()
    await lock(1).acquire(now)
    const before = [...files]
    expect(lock(2).holder()).toMatchObject({ pid: 1, program: 'program.js', host: 'here' })
    expect(lock(2, { processes: { 2: '20' } }).holder()).toBeUndefined()
    expect([...files]).toEqual(before)
  })

  it('is waited for', async () => {
    const { lock } = memoryFiles()
    const [first, second] = [lock(1), lock(2)]
    await first.acquire(now)
    let released = false
    setTimeout(() => {
      released = true
      first.release()
    }, 30)
    await second.acquire({ timeoutMs: 5_000, onTimeout: busy })
    expect(released).toBe(true)
    second.release()
  })

  it.each<readonly [string, (files: ReturnType<typeof memoryFiles>) => Promise<void> | void]>([
    ['by another', ({ lock }) => lock(1).acquire(now)],
    ['by one that died before it had written its name', ({ files }) => void files.set('lock', { text: '', mtimeMs: Date.now() })],
  ])('is not waited for any longer when the clock of the system is set back: held %s', async (_, hold) => {
    const machine = memoryFiles()
    await hold(machine)
    const waiting = machine.lock(2).acquire({ timeoutMs: 50, onTimeout: busy })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 86_400_000 })
    try {
      await expect(waiting).rejects.toMatchObject(refused)
    } finally {
      vi.useRealTimers()
    }
  })

  it('names its owner to whom it refuses', async () => {
    const { lock } = memoryFiles()
    await lock(1).acquire(now)
    await expect(lock(2).acquire(now)).rejects.toMatchObject({
      why: expect.stringMatching(/^It is used by process 1 \("program\.js" on "here", since 2\d{3}-\d\d-\d\dT[\d:.]+Z\)\.$/),
    })
  })

  it('shows nothing that somebody wrote into its file', async () => {
    const { files, lock } = memoryFiles()
    await lock(1).acquire(now)
    const held = files.get('lock')
    if (held !== undefined) held.text = held.text.replace('program.js', 'do what I say; rm')
    await expect(lock(2).acquire(now)).rejects.toMatchObject({ why: 'It is used by another process.' })
  })

  it.each<[string, Machine, Machine, number, 'taken' | 'refused']>([
    ['a dead process is taken over at once', { processes: { 3: '30' } }, {}, 0, 'taken'],
    ['a living process stays, however long it has not touched it', {}, {}, 86_400_000, 'refused'],
    ['a process whose number another one has by now is taken over at once', { processes: { 1: '5' } }, {}, 0, 'taken'],
    ['a process before the last boot is taken over when it was not touched', { boot: 'earlier' }, {}, 21_000, 'taken'],
    ['another container stays while it is touched', { namespace: 'pid:[2]', processes: { 3: '30' } }, {}, 19_000, 'refused'],
    ['another container is taken over when it was not touched', { namespace: 'pid:[2]' }, {}, 21_000, 'taken'],
    ['another host stays while it is touched', { host: 'elsewhere', processes: { 3: '30' } }, {}, 19_000, 'refused'],
    ['another host is taken over when it was not touched', { host: 'elsewhere' }, {}, 21_000, 'taken'],
    ['a living process without a known start time stays while it may be busy', { hasProc: false }, { hasProc: false }, 300_000, 'refused'],
    ['a living process without a known start time does not stay for ever', { hasProc: false }, { hasProc: false }, 601_000, 'taken'],
    ['a dead process without a known start time is taken over at once', { hasProc: false, processes: { 3: '30' } }, { hasProc: false }, 0, 'taken'],
  ])('of %s', async (_, ofOwner, ofHeir, untouchedMs, expected) => {
    const { lock, age, owner } = memoryFiles()
    const pid = Number(Object.keys(ofOwner.processes ?? { 1: '' })[0])
    await lock(pid, ofOwner).acquire(now)
    age(untouchedMs)
    const outcome = await lock(2, ofHeir).acquire(now).then(
      () => 'taken',
      (error: unknown) => (error instanceof TidemarkError && error.code === 'storage_busy' ? 'refused' : error),
    )
    expect(outcome).toBe(expected)
    expect(owner()).toMatchObject({ pid: expected === 'taken' ? 2 : pid })
  })

  it('whose owner died before it had written its name is free after a second, also for who does not wait', async () => {
    const { files, lock, owner } = memoryFiles()
    files.set('lock', { text: '', mtimeMs: Date.now() - 950 })
    await lock(1).acquire(now)
    expect(owner()).toMatchObject({ pid: 1 })
    expect([...files.keys()]).toEqual(['lock'])
  })

  it('whose owner is about to write its name is refused with that name', async () => {
    const { files, lock } = memoryFiles()
    await lock(2).acquire(now)
    const file = files.get('lock')
    if (file === undefined) throw new Error('The lock has no file')
    const { text } = file
    file.text = ''
    setTimeout(() => { file.text = text }, 30)
    await expect(lock(1).acquire(now)).rejects.toMatchObject({ why: expect.stringContaining('process 2') })
  })

  it('is not taken from one that was faster to replace a dead owner', async () => {
    const { files, steps, lock, owner } = memoryFiles()
    await lock(3).acquire(now)
    const slow = lock(2)
    let fast: Promise<void> | undefined
    // The slow one has seen the dead owner and is about to claim; the fast one does all of it before.
    steps.beforeWrite = (path) => {
      if (path === 'lock') return
      steps.beforeWrite = () => {}
      fast = lock(1).acquire(now)
    }
    await expect(slow.acquire(now)).rejects.toMatchObject(refused)
    await fast
    expect(owner()).toMatchObject({ pid: 1 })
    expect([...files.keys()]).toEqual(['lock'])
  })

  it('passes on when the one that was replacing a dead owner has died as well', async () => {
    const { files, lock, owner } = memoryFiles()
    await lock(3).acquire(now)
    const text = files.get('lock')?.text ?? ''
    const { token } = JSON.parse(text) as { readonly token: string }
    files.set(`lock.${token}`, { text: text.replace(token, crypto.randomUUID()), mtimeMs: Date.now() })
    await lock(1).acquire(now)
    expect(owner()).toMatchObject({ pid: 1 })
    expect([...files.keys()]).toEqual(['lock'])
  })

  it('that was taken over is neither touched nor removed by its former holder', async () => {
    const { files, lock } = memoryFiles()
    const former = lock(1)
    await former.acquire(now)
    files.set('lock', { text: 'of another', mtimeMs: 0 })
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    former.release()
    expect(files.get('lock')).toEqual({ text: 'of another', mtimeMs: 0 })
  })

  it('does not stand in the way of readers where nobody can write', async () => {
    const { files, steps, lock } = memoryFiles()
    steps.beforeWrite = () => {
      throw Object.assign(new Error('EROFS'), { code: 'EROFS' })
    }
    const reader = lock(1)
    await reader.acquire(now)
    reader.release()
    expect(files.size).toBe(0)
  })
})

describe('the lock between real processes', () => {
  let script: string
  beforeAll(async () => {
    script = await bundleScript(new URL('../support/lock-user.ts', import.meta.url))
  })
  const lockIn = (folder: string): FileLock => createFileLock(join(folder, 'lock'), { fs, os, process })
  const holder = async (folder: string): Promise<ScriptProcess> => {
    const started = startScript(script, ['hold', folder])
    await started.until((output) => output.includes('held'))
    return started
  }

  it('is free at once when its owner was killed', async () => {
    const folder = await freshFolder()
    const owner = await holder(folder)
    await expect(lockIn(folder).acquire(now)).rejects.toMatchObject({ why: expect.stringContaining(`process ${owner.pid} ("lock-user.mjs"`) })
    await owner.kill()
    await lockIn(folder).acquire(now)
  })

  it('stays with an owner that is suspended, or too busy to touch it', async () => {
    const folder = await freshFolder()
    const owner = await holder(folder)
    owner.send('SIGSTOP')
    fs.utimesSync(join(folder, 'lock'), new Date(0), new Date(0))
    await expect(lockIn(folder).acquire({ timeoutMs: 100, onTimeout: busy })).rejects.toMatchObject(refused)
    await owner.kill()
    await lockIn(folder).acquire(now)
  })

  it.skipIf(process.platform !== 'linux')('does not stay with a dead process whose parent has not noticed (zombies are a matter of /proc)', async () => {
    const folder = await freshFolder()
    await lockIn(folder).acquire(now)
    // The shell has become another program by the time its child ends.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const zombie = await new Promise<number>((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))))
    const stat = (): readonly string[] => fs.readFileSync(`/proc/${zombie}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    await expect.poll(() => stat()[0], { timeout: 5_000 }).toBe('Z')
    const started = stat()[19]
    const path = join(folder, 'lock')
    fs.writeFileSync(path, JSON.stringify({ ...JSON.parse(fs.readFileSync(path, 'utf8')), pid: zombie, started }))
    await lockIn(folder).acquire({ timeoutMs: 2_000, onTimeout: busy })
    parent.kill('SIGKILL')
  })

  it('lets four processes count without a gap or a number twice, while they are killed at random', async () => {
    const folder = await freshFolder()
    fs.writeFileSync(join(folder, 'counter'), '0')
    const start = (): ScriptProcess => startScript(script, ['count', folder])
    const processes = Array.from({ length: 4 }, start)
    const end = performance.now() + 4_000
    let kills = 0
    // A busy machine takes longer to start processes.
    while (performance.now() < end || kills <= 10) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
      const victim = Math.floor(Math.random() * processes.length)
      await processes[victim]?.kill()
      kills += 1
      processes[victim] = start()
    }
    await Promise.all(processes.map((each) => each.kill()))
    const noted = fs.readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').map(Number)
    const counted = Number(fs.readFileSync(join(folder, 'counter'), 'utf8'))
    expect(noted.length).toBeGreaterThan(50)
    // Two at once would have written one number both.
    expect(noted).toEqual([...new Set(noted)].sort((a, b) => a - b))
    expect(counted).toBeGreaterThanOrEqual(noted.at(-1) ?? 0)
    // A number can be missing only for a process that was killed between its two writes.
    expect(counted - noted.length).toBeLessThanOrEqual(kills + processes.length)
  })
})
