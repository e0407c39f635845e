/**
 * A process that uses a file lock, for `file-lock.test.ts`: `hold` takes it and keeps it; `count` raises the number in the
 * file `counter` for ever, and notes each number in the file `log`, both under the lock.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import { join } from 'node:path'
import { createFileLock } from '../../src/storage/file-lock.ts'

const [, , work, folder = ''] = process.argv
const lock = createFileLock(join(folder, 'lock'), { fs, os, process })
const acquire = (): Promise<void> => lock.acquire({ timeoutMs: 30_000, onTimeout: () => { throw new Error('The lock was not given') } })

await acquire()
process.stdout.write('held\n')
if (work === 'hold') await new Promise(() => setInterval(() => {}, 1_000))
lock.release()

const [counter, log] = [join(folder, 'counter'), join(folder, 'log')]
for (;;) {
  await acquire()
  const next = Number(fs.readFileSync(counter, 'utf8')) + 1
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
  // In one step, since it may be killed in the middle.
  fs.writeFileSync(`${counter}.${process.pid}`, String(next))
  fs.renameSync(`${counter}.${process.pid}`, counter)
  fs.appendFileSync(log, `${next}\n`)
  lock.release()
}
