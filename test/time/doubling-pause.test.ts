import { expect, it } from 'vitest'
import { doublingPauseMs } from '../../src/time/doubling-pause.ts'

it('is the first pause after one failure, doubles with each further one, and never passes the longest', () => {
  const pauses = [1, 2, 3, 4, 5, 6].map((failures) => doublingPauseMs(failures, { firstMs: 60, longestMs: 500 }))
  expect(pauses).toEqual([60, 120, 240, 480, 500, 500])
})

it('is the longest after thousands of failures too, which no number counts any more', () => {
  expect(doublingPauseMs(5_000, { firstMs: 1, longestMs: 500 })).toBe(500)
})
