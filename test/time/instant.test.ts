import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toInstant } from '../../src/time/instant.ts'

describe('an upstream timestamp', () => {
  test.each([
    ['2026-03-03T09:00:00+01:00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03T10:36:43.000+01:00', '2026-03-03T09:36:43.000Z'],
    ['2026-03-03T10:36:43.123Z', '2026-03-03T10:36:43.123Z'],
    ['2026-03-03T10:36:43Z', '2026-03-03T10:36:43.000Z'],
    ['2026-03-03T10:36:43+00:00', '2026-03-03T10:36:43.000Z'],
    ['2026-03-03T10:36:43-05:00', '2026-03-03T15:36:43.000Z'],
    ['2026-03-03T23:30:00-05:30', '2026-03-04T05:00:00.000Z'],
    ['2026-01-01T00:30:00+02:00', '2025-12-31T22:30:00.000Z'],
    ['2026-03-03T10:36:43+0100', '2026-03-03T09:36:43.000Z'],
    ['2026-03-03T10:36:43+01', '2026-03-03T09:36:43.000Z'],
    ['2026-03-03T10:36Z', '2026-03-03T10:36:00.000Z'],
    ['2026-03-03 10:36:43Z', '2026-03-03T10:36:43.000Z'],
    ['2026-03-03t10:36:43z', '2026-03-03T10:36:43.000Z'],
    ['2026-03-03T10:36:43.5Z', '2026-03-03T10:36:43.500Z'],
    ['2026-03-03T10:36:43.999999Z', '2026-03-03T10:36:43.999Z'],
    ['2026-03-03T10:36:43,25Z', '2026-03-03T10:36:43.250Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['2000-02-29T12:00:00Z', '2000-02-29T12:00:00.000Z'],
    ['2026-12-31T24:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.001Z', '1969-12-31T23:59:59.001Z'],
    ['0100-01-01T00:00:00Z', '0100-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(toInstant(text)).toBe(instant))

  test.each([
    ['no offset', '2026-03-03T09:00:00'],
    ['a bare day', '2026-03-03'],
    ['29 February of an ordinary year', '2026-02-29T00:00:00Z'],
    ['29 February of 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['month 0', '2026-00-10T00:00:00Z'],
    ['day 0', '2026-03-00T00:00:00Z'],
    ['hour 25', '2026-03-03T25:00:00Z'],
    ['a minute past 24:00', '2026-03-03T24:01:00Z'],
    ['a millisecond past 24:00', '2026-03-03T24:00:00.001Z'],
    ['minute 60', '2026-03-03T10:60:00Z'],
    ['second 60', '2026-12-31T23:59:60Z'],
    ['offset hour 24', '2026-03-03T10:00:00+24:00'],
    ['offset minute 60', '2026-03-03T10:00:00+01:60'],
    ['a year of two digits', '26-03-03T10:00:00Z'],
    ['the year 99, which Date takes for 1999', '0099-03-03T10:00:00Z'],
    ['a time past the year 9999', '9999-12-31T23:00:00-05:00'],
    ['words before it', 'on 2026-03-03T10:00:00Z'],
    ['words behind it', '2026-03-03T10:00:00Z or so'],
    ['a line feed behind it', '2026-03-03T10:00:00Z\n'],
    ['digits of another script', '２０２６-03-03T10:00:00Z'],
    ['a number', '1772530603'],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => expect(toInstant(text)).toBeNull())

  test('is the same instant in every offset', () => {
    const dates = fc.date({ min: new Date('1000-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
    fc.assert(fc.property(dates, fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
      const wall = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1)
      const two = (number: number) => String(number).padStart(2, '0')
      const text = `${wall}${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
      expect(toInstant(text)).toBe(date.toISOString())
    }))
  })

  test('that exists is taken, one that does not is refused, for every day of forty years', () => {
    for (let year = 1995; year < 2035; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
        const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number
        const taken = Array.from({ length: 32 }, (_, day) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T00:00:00Z`)
          .filter((text) => toInstant(text) !== null)
        expect(taken).toHaveLength(length)
      }
    }
  })
})
