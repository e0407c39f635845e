/** Says at intervals that a run is alive. A beat that fails is no end: the next write finds out whether the lease is lost. */

export interface Heartbeat {
  /** No beat begins afterwards; resolves when the last one is done. */
  stop(): Promise<void>
}

export function startHeartbeat(everyMs: number, beat: () => Promise<void>): Heartbeat {
  let beating: Promise<void> = Promise.resolve()
  let isBeating = false
  const timer = setInterval(() => {
    if (isBeating) return
    isBeating = true
    beating = beat()
      .catch(() => undefined)
      .finally(() => { isBeating = false })
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      return beating
    },
  }
}
