/** The turn to write a database of this origin, by Web Locks: one tab or worker at a time, and that of a killed one ends with it. */
import { abortedError } from '../../../src/errors.ts'
import { longestTimerMs } from '../../../src/time/longest-timer.ts'
import { busyError, openError } from './errors.ts'

export interface WriterLock {
  /** @throws TidemarkError `storage_busy` when another holds it for so long, `aborted` */
  acquire(signal?: AbortSignal): Promise<void>
  release(): void
}

/** @throws TidemarkError `storage_open_failed` where there are no locks */
export function createWriterLock(name: string, waitTimeoutMs: number): WriterLock {
  // The types know only pages that came over HTTPS.
  const locks: LockManager | undefined = globalThis.navigator?.locks
  if (locks === undefined) throw openError(name, 'There are no Web Locks: the page did not come over HTTPS or from this machine.')
  let release: (() => void) | undefined
  return {
    acquire(signal) {
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), Math.min(longestTimerMs, waitTimeoutMs))
      const wait = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal])
      return new Promise<void>((granted, failed) => {
        const held = (): Promise<void> =>
          new Promise((ended) => {
            clearTimeout(timer)
            release = ended
            granted()
          })
        locks.request(`tidemark:${name}`, { signal: wait }, held).catch((error: unknown) => {
          clearTimeout(timer)
          if (signal?.aborted === true) failed(abortedError('Cannot start the transaction', signal))
          else failed(limit.signal.aborted ? busyError(name, waitTimeoutMs) : error)
        })
      })
    },
    release() {
      release?.()
      release = undefined
    },
  }
}
