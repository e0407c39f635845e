import { describe, expect, it } from 'vitest'
import { parseRetryAfter, retryDelay } from '../../src/testio/back-off.ts'

describe('the wait before another attempt', () => {
  it('is a random share of a bound that doubles from 1 up to 30 seconds', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelay(attempt, null, () => 1))
    expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(retryDelay(3, null, () => 0.25)).toBe(1_000)
    expect(retryDelay(3, null, () => 0)).toBe(0)
  })

  it('is never shorter than the server asked for', () => {
    expect(retryDelay(1, 7_000, () => 0.5)).toBe(7_000)
    expect(retryDelay(4, 1_000, () => 0.5)).toBe(4_000)
    expect(retryDelay(1, 60_000, () => 0)).toBe(60_000)
  })

  it('is not taken when the server asks for more than a minute', () => {
    expect(retryDelay(1, 60_001, () => 0)).toBeNull()
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 2, 3, 9, 0, 0)

  it.each([
    ['7', 7_000],
    [' 0 ', 0],
    ['1.5', 1_500],
    ['Tue, 03 Mar 2026 09:00:30 GMT', 30_000],
    ['Tuesday, 03-Mar-26 09:00:30 GMT', 30_000],
    ['Tue, 03 Mar 2026 08:59:00 GMT', 0],
    [null, null],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['2026-03-03', null],
  ])('%j means %j milliseconds', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected)
  })
})
