import { describe, expect, it } from 'vitest'
import { timeLeft, timeLeftText } from '../../../adapters/cli/sync/time-left.ts'

/** Follows shares that were reached at these seconds, and asks at the last of them or later. */
function secondsLeft(steps: readonly (readonly [second: number, share: number])[], askedAt?: number): number | null {
  let now = 0
  const left = timeLeft(() => now * 1000)
  for (const [second, share] of steps) {
    now = second
    left.note(share)
  }
  now = askedAt ?? now
  return left.seconds()
}

describe('the time that is left', () => {
  it('follows from how fast it went', () => {
    expect(secondsLeft([[5, 0.25], [10, 0.5]])).toBeCloseTo(10)
    expect(secondsLeft([[10, 0.1]])).toBeCloseTo(90)
  })

  it('is not guessed from the first seconds, nor from next to nothing', () => {
    expect(secondsLeft([[1, 0.5]])).toBeNull()
    expect(secondsLeft([[20, 0.01]])).toBeNull()
    expect(secondsLeft([])).toBeNull()
  })

  it('follows a server that becomes slower: what was long ago does not count', () => {
    const fast = Array.from({ length: 10 }, (_, index) => [index + 1, (index + 1) * 0.05] as const)
    const slow = Array.from({ length: 60 }, (_, index) => [11 + index, 0.5 + (index + 1) * 0.001] as const)
    // A thousandth a second, with 44 hundredths to go.
    expect(secondsLeft([...fast, ...slow])).toBeCloseTo(440, -1)
  })

  it('grows while nothing moves', () => {
    const steps = [[5, 0.25], [10, 0.5]] as const
    expect(secondsLeft(steps, 20)).toBeCloseTo(20)
  })

  it('is nothing at the end', () => {
    expect(secondsLeft([[10, 1]])).toBe(0)
  })

  it.each([[null, ''], [0, ''], [0.1, '5 s left'], [12.1, '15 s left'], [54, '55 s left'], [56, '1 min left'], [61, '2 min left'], [5399, '90 min left'], [7300, '3 h left']])('of %s seconds reads "%s"', (seconds, text) => {
    expect(timeLeftText(seconds)).toBe(text)
  })
})
