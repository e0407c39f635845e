/** The range before another one: expected values are counted on a calendar. */
import { describe, expect, it } from 'vitest'
import { rangeBefore } from '../../src/analytics/previous.ts'

describe('the range before', () => {
  it.each([
    ['a week in which the clocks go forward: seven days', 'Europe/Berlin', '2025-03-23T23:00:00.000Z', '2025-03-30T22:00:00.000Z', '2025-03-16T23:00:00.000Z'],
    ['the week after it: seven days, over the change', 'Europe/Berlin', '2025-03-30T22:00:00.000Z', '2025-04-06T22:00:00.000Z', '2025-03-23T23:00:00.000Z'],
    ['a day', 'UTC', '2025-03-01T00:00:00.000Z', '2025-03-02T00:00:00.000Z', '2025-02-28T00:00:00.000Z'],
    ['a month: as many days as it has', 'UTC', '2025-03-01T00:00:00.000Z', '2025-04-01T00:00:00.000Z', '2025-01-29T00:00:00.000Z'],
    ['some hours', 'UTC', '2025-03-30T10:00:00.000Z', '2025-03-30T16:30:00.000Z', '2025-03-30T03:30:00.000Z'],
    ['a morning', 'UTC', '2025-07-01T00:00:00.000Z', '2025-07-01T12:00:00.000Z', '2025-06-30T12:00:00.000Z'],
    ['an evening', 'UTC', '2025-07-01T12:00:00.000Z', '2025-07-02T00:00:00.000Z', '2025-07-01T00:00:00.000Z'],
    ['many hours, over a change of the clocks: as many', 'Europe/Berlin', '2025-03-30T12:00:00.000Z', '2025-04-02T12:30:00.000Z', '2025-03-27T11:30:00.000Z'],
  ])('%s', (_, timeZone, from, to, before) => {
    expect(rangeBefore({ from, to }, timeZone)).toEqual({ from: before, to: from })
  })

  it.each([[null, '2025-03-01T00:00:00.000Z'], ['2025-03-01T00:00:00.000Z', null]])('is none where the range is open: %s to %s', (from, to) => {
    expect(() => rangeBefore({ from, to }, 'UTC')).toThrow(TypeError)
  })
})
