/** How long a sync still takes, from how fast it went lately. Says nothing as long as that would be a guess. */

export interface TimeLeft {
  /** So much of it is done, 0–1. */
  note(share: number): void
  /** Seconds; null when it is too early to say, or when nothing moves. */
  seconds(): number | null
}

interface Sample {
  readonly at: number
  readonly share: number
}

/** Long enough to smooth what comes in bursts, short enough to follow a server that slows down. */
const windowMs = 30_000
const shortestMs = 3_000
const smallestShare = 0.02

/** Time begins to count now. */
export function timeLeft(now: () => number): TimeLeft {
  let samples: readonly Sample[] = [{ at: now(), share: 0 }]
  return {
    note(share) {
      const at = now()
      const begin = Math.max(0, samples.findLastIndex((sample) => sample.at <= at - windowMs))
      samples = [...samples.slice(begin), { at, share }]
    },
    seconds() {
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined || last.share < smallestShare) return null
      // Up to now, not to the last step: what stands still takes longer.
      const took = now() - first.at
      const gained = last.share - first.share
      return took < shortestMs || gained <= 0 ? null : ((1 - last.share) * took) / gained / 1000
    },
  }
}

/** `40 s left`, `3 min left`, nothing when it is over; in steps that do not flicker. */
export function timeLeftText(seconds: number | null): string {
  if (seconds === null || seconds === 0) return ''
  if (seconds < 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s left`
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min left`
  return `${Math.ceil(seconds / 3600)} h left`
}
