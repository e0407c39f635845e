/**
 * A gate with a fixed number of places. Who finds them taken waits, and enters in the order of arrival; a wait ends
 * with an error after a limit or when its signal aborts. It knows nothing of databases.
 */
import { longestTimerMs } from '../time/longest-timer.ts'

export interface GateWait {
  /** `Infinity`: as long as it takes, or nearly so. */
  readonly timeoutMs: number
  readonly onTimeout: () => Error
  readonly signal?: AbortSignal | undefined
  readonly onAbort: (signal: AbortSignal) => Error
}

interface Waiter {
  readonly enter: () => void
}

export class FifoGate {
  #free: number
  readonly #waiting = new Set<Waiter>()

  constructor(places: number) {
    this.#free = places
  }

  /** Takes a place, at once when one is free. Each successful `enter` is paired with one `leave`. */
  async enter(wait?: GateWait): Promise<void> {
    if (wait?.signal?.aborted === true) throw wait.onAbort(wait.signal)
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(waiter)
        clearTimeout(timer)
        wait?.signal?.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        enter: () => {
          stop()
          resolve()
        },
      }
      const abort = (): void => {
        stop()
        if (wait?.signal !== undefined) reject(wait.onAbort(wait.signal))
      }
      const timer = wait === undefined ? undefined : setTimeout(() => {
        stop()
        reject(wait.onTimeout())
      }, Math.min(longestTimerMs, wait.timeoutMs))
      wait?.signal?.addEventListener('abort', abort)
      this.#waiting.add(waiter)
    })
  }

  /** Gives the place to the one that waits longest. */
  leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#free += 1
    else next.enter()
  }
}
