/**
 * Has the process kill itself in the middle of a call of the file system that changes something: a write reaches the file in
 * part, another call is done or not. Sits on the objects of `node:fs`, where PGlite looks for each call anew, so that
 * nothing in the adapters knows of it. Calls with a callback are not met; PGlite and its folder use none.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

type Arguments = readonly unknown[]
/** Arguments for what is done of the call; undefined when that is nothing. */
type PartOf = (args: Arguments, share: number) => Arguments | undefined

/** What a disk writes whole or not at all; PostgreSQL counts on it for its file `pg_control`. */
const sectorBytes = 512

const allOrNothing: PartOf = (args, share) => (share < 0.5 ? undefined : args)
const allOrEmpty: PartOf = ([path, content, options], share) => (share < 1 / 3 ? undefined : [path, share < 2 / 3 ? '' : content, options])
const sectorsOf: PartOf = ([fd, bytes, offset, length, position], share) => {
  const start = Number(position)
  const end = Math.floor((start + Number(length) * share) / sectorBytes) * sectorBytes
  return [fd, bytes, offset, share === 1 ? length : Math.max(0, end - start), position]
}
const firstBytes: PartOf = ([bytes], share) => (bytes instanceof Uint8Array ? [bytes.subarray(0, Math.floor(bytes.length * share))] : undefined)

/**
 * @param fatal the number of the call, counted from 1 and from now on
 * @param share how much of it is done, from 0 to 1
 */
export async function dieAtCall(fatal: number, share: number): Promise<void> {
  let calls = 0
  let isInside = false
  const meet = (owner: object, name: string, partOf: PartOf = allOrNothing, changes: (args: Arguments) => boolean = () => true): void => {
    const call: unknown = Reflect.get(owner, name)
    if (typeof call !== 'function') throw new TypeError(`There is no call "${name}"`)
    Reflect.set(owner, name, function (this: unknown, ...args: Arguments): unknown {
      const run = (part: Arguments): unknown => {
        isInside = true
        try {
          return Reflect.apply(call, this, part)
        } finally {
          isInside = false
        }
      }
      // Node does some of these calls by means of others.
      if (isInside || !changes(args)) return Reflect.apply(call, this, args)
      calls += 1
      if (calls !== fatal) return run(args)
      const part = partOf(args, share)
      const done = part && run(part)
      const die = (): true => process.kill(process.pid, 'SIGKILL')
      return done instanceof Promise ? done.finally(die) : die()
    })
  }
  meet(fs, 'writeSync', sectorsOf, ([fd]) => typeof fd === 'number' && fd > 2)
  meet(fs, 'writeFileSync', allOrEmpty)
  for (const name of ['ftruncateSync', 'truncateSync', 'fsyncSync', 'renameSync', 'unlinkSync', 'mkdirSync', 'rmdirSync', 'rmSync', 'symlinkSync']) meet(fs, name)
  const handle = await fs.promises.open(process.execPath)
  meet(Object.getPrototypeOf(handle) as object, 'writeFile', firstBytes)
  meet(Object.getPrototypeOf(handle) as object, 'sync')
  await handle.close()
  for (const name of ['mkdir', 'rename', 'rm', 'rmdir']) meet(fs.promises, name)
  meet(fs.promises, 'open', allOrNothing, ([, flags]) => flags === 'wx')
  // For those who have imported the calls by name.
  syncBuiltinESMExports()
}
