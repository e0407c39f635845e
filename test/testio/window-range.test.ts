import { describe, expect, it } from 'vitest'
import { blindWindow, middleWindow, widestWindow } from '../../src/testio/window-range.ts'

describe('the next window', () => {
  it('begins at a multiple of its size, with at least one row that was read, and brings about 23 new ones', () => {
    let windows = 0
    let next = 30
    for (; next < 20_000; windows++) {
      const window = widestWindow(next, { from: 0, to: next - 1 })
      if (window === null) throw new Error(`there is none behind ${next}`)
      expect(window.start % window.size).toBe(0)
      expect(window.size).toBeLessThanOrEqual(30)
      expect(window.start).toBeLessThan(next)
      expect(window.start + window.size).toBeGreaterThan(next + 5)
      next = window.start + window.size
    }
    expect(next / windows).toBeGreaterThan(22.5)
  })

  it('does not begin before a row that has to be left out, nor behind the last one that is known', () => {
    expect(widestWindow(12, { from: 11, to: 11 })).toEqual({ start: 11, size: 11 })
    expect(widestWindow(32, { from: 31, to: 31 })).toBeNull()
    expect(widestWindow(31, { from: 0, to: 24 })).toEqual({ start: 24, size: 24 })
  })

  it('ends in the middle of the rows among which one fails', () => {
    expect(middleWindow(0, 30, { from: 0, to: 0 })).toEqual({ start: 0, size: 15 })
    expect(middleWindow(8, 12, { from: 0, to: 7 })).toEqual({ start: 0, size: 10 })
    expect(middleWindow(10, 11, { from: 0, to: 9 })).toBeNull()
  })

  it('that overlaps nothing begins right behind what was read', () => {
    expect(blindWindow(60)).toEqual({ start: 60, size: 30 })
    expect(blindWindow(31)).toEqual({ start: 31, size: 1 })
    expect(blindWindow(49)).toEqual({ start: 49, size: 7 })
  })
})
