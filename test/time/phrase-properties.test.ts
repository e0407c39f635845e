/** Borders of days and spans in zones with their own ideas of time, checked against the calendar of Intl. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTimeRange } from '../../src/time/phrase.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Asia/Kolkata', 'America/Havana', 'Australia/Lord_Howe']
const zone = fc.constantFrom(...zones)
const milliseconds = fc.integer({ min: Date.parse('1972-01-02T00:00:00Z'), max: Date.parse('2099-12-01T00:00:00Z') })

const formats = new Map(zones.map((name) => [name, new Intl.DateTimeFormat('en-CA', { timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit' })]))

function localDate(at: number, timeZone: string): string {
  return formats.get(timeZone)?.format(at) as string
}

function bounds(phrase: { readonly from?: string; readonly to?: string }, at: number, timeZone: string): { readonly start: number; readonly end: number } {
  const { from, to } = parseTimeRange(phrase, { now: at, timeZone })
  return { start: Date.parse(from as string), end: Date.parse(to as string) }
}

describe('in any zone at any time', () => {
  test('today holds now, and begins and ends where the date changes', () => {
    fc.assert(fc.property(milliseconds, zone, (at, timeZone) => {
      const { start, end } = bounds({ from: 'today', to: 'today' }, at, timeZone)
      const date = localDate(at, timeZone)
      expect(start).toBeLessThanOrEqual(at)
      expect(end).toBeGreaterThan(at)
      expect([localDate(start, timeZone), localDate(end - 1, timeZone)]).toEqual([date, date])
      expect(localDate(start - 1, timeZone) < date).toBe(true)
      expect(localDate(end, timeZone) > date).toBe(true)
      expect(bounds({ from: date, to: date }, at, timeZone)).toEqual({ start, end })
    }))
  })

  test('yesterday ends where today begins', () => {
    fc.assert(fc.property(milliseconds, zone, (at, timeZone) => {
      const today = bounds({ from: 'today', to: 'today' }, at, timeZone)
      expect(bounds({ from: 'yesterday', to: 'yesterday' }, at, timeZone).end).toBe(today.start)
    }))
  })

  test.each([
    ['week', (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() === 1],
    ['month', (date: string) => date.endsWith('-01')],
    ['quarter', (date: string) => /-(?:01|04|07|10)-01$/u.test(date)],
    ['year', (date: string) => date.endsWith('-01-01')],
  ])('this %s holds now, begins on its first date, and follows the last one', (unit, isFirst) => {
    fc.assert(fc.property(milliseconds, zone, (at, timeZone) => {
      const { start, end } = bounds({ from: `this ${unit}` }, at, timeZone)
      expect(start).toBeLessThanOrEqual(at)
      expect(end).toBeGreaterThan(at)
      expect(localDate(start, timeZone)).toSatisfy(isFirst)
      expect(localDate(end, timeZone)).toSatisfy(isFirst)
      expect(localDate(start - 1, timeZone) < localDate(start, timeZone)).toBe(true)
      expect(bounds({ from: `last ${unit}` }, at, timeZone).end).toBe(start)
    }))
  })

  test('the twelve months of a year, its quarters and its days tile it', () => {
    fc.assert(fc.property(fc.integer({ min: 1971, max: 2099 }), zone, (year, timeZone) => {
      const whole = bounds({ from: String(year) }, 0, timeZone)
      const parts = (phrases: readonly string[]) => {
        let at = whole.start
        for (const phrase of phrases) {
          const part = bounds({ from: phrase }, 0, timeZone)
          expect(part.start).toBe(at)
          at = part.end
        }
        expect(at).toBe(whole.end)
      }
      parts(Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`))
      parts([1, 2, 3, 4].map((quarter) => `Q${quarter} ${year}`))
    }), { numRuns: 15 })
  })

  test('a span up to now ends at now and keeps the wall clock', () => {
    const clock = (at: number, timeZone: string) => new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(at)
    fc.assert(fc.property(milliseconds, fc.constantFrom('UTC', 'Asia/Kolkata'), fc.integer({ min: 1, max: 300 }), (at, timeZone, days) => {
      const { start, end } = bounds({ from: `last ${days} days` }, at, timeZone)
      expect(end).toBe(at)
      expect(at - start).toBe(days * 86_400_000)
      expect(clock(start, timeZone)).toBe(clock(at, timeZone))
    }))
  })

  test('nothing but a refusal comes of any text', () => {
    fc.assert(fc.property(fc.string(), zone, (text, timeZone) => {
      try {
        bounds({ from: text }, 1_770_000_000_000, timeZone)
      } catch (error) {
        expect(error).toMatchObject({ code: 'argument_invalid' })
      }
    }))
  })
})
