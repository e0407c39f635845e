/**
 * A gate with a fixed number of places. Who finds them taken waits, and enters in the order of arrival; a wait ends
 * with an error after a limit or when its signal aborts. It knows nothing of databases.
 */

export interface GateWait {
  readonly timeoutMs: number
  readonly onTimeout: () => Error
  readonly signal?: AbortSignal | undefined
  readonly onAbort?: ((signal: AbortSignal) => Error) | undefined
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
    const signal = wait?.signal
    if (signal?.aborted === true && wait?.onAbort !== undefined) throw wait.onAbort(signal)
    if (this.#free > 0) {
      this.#free -= 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(waiter)
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        enter: () => {
          stop()
          resolve()
        },
      }
      const abort = (): void => {
        stop()
        if (signal !== undefined && wait?.onAbort !== undefined) reject(wait.onAbort(signal))
      }
      const timer = wait === undefined ? undefined : setTimeout(() => {
        stop()
        reject(wait.onTimeout())
      }, wait.timeoutMs)
      signal?.addEventListener('abort', abort)
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
