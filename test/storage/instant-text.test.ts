import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantFromText } from '../../src/storage/instant-text.ts'

describe('an instant in text', () => {
  it.each([
    ['2026-03-03T08:00:00.000Z', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03 08:00:00+00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03 08:00:00.1+00', '2026-03-03T08:00:00.100Z'],
    ['2026-03-03 08:00:00.123999-05:30', '2026-03-03T13:30:00.123Z'],
    ['2026-03-03 08:00:00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03T08:00', '2026-03-03T08:00:00.000Z'],
    ['2026-03-03', '2026-03-03T00:00:00.000Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['infinity', 'infinity'],
    ['0044-03-15 00:00:00+00 BC', '0044-03-15 00:00:00+00 BC'],
    ['soon', 'soon'],
    ['', ''],
  ])('is given in the one form: %s', (written, expected) => {
    expect(instantFromText(written)).toBe(expected)
  })

  it('means the same moment as before, for any moment and offset', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0100-01-01T00:00:00Z'), max: new Date('9998-01-01T00:00:00Z'), noInvalidDate: true }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, offset) => {
        const local = new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, -1).replace('T', ' ')
        const size = Math.abs(offset)
        const written = `${local}${offset < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`
        expect(instantFromText(written)).toBe(moment.toISOString())
      }),
    )
  })
})
