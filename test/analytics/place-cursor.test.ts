import { describe, expect, it } from 'vitest'
import { decodePageEnd, encodePageEnd } from '../../src/analytics/place-cursor.ts'
import { encodeCursor } from '../../src/repositories/cursor.ts'

describe('a cursor of a place', () => {
  it('gives back the place and how many rows lie before its end', () => {
    const end = { place: ['a, "b"', -1.5, true, null], offset: 40 }
    expect(decodePageEnd('print', encodePageEnd('print', end))).toEqual(end)
  })

  it('carries no place that would make it too long for a question, only how many rows lie before its end', () => {
    for (const text of ['x', 'é', '😀', '"', '\u0001'].map((character) => character.repeat(70_000))) {
      const cursor = encodePageEnd('print', { place: [text, 7], offset: 40 })
      expect(cursor.length).toBeLessThan(100)
      expect(decodePageEnd('print', cursor)).toEqual({ place: undefined, offset: 40 })
    }
    for (const character of ['x', 'é', '漢', '"', '\u0001']) {
      for (let length = 100; length < 4_000; length += 100) {
        expect(encodePageEnd('print', { place: [character.repeat(length)], offset: 40 }).length).toBeLessThanOrEqual(20_000)
      }
    }
  })

  it.each([
    ['no JSON', 'Shop'],
    ['no list', '{"place":1}'],
    ['a list of lists', '[["Shop"]]'],
  ])('that holds %s is refused', (_, value) => {
    expect(() => decodePageEnd('print', encodeCursor('print', { value, id: 0, offset: 1 }))).toThrow(expect.objectContaining({ code: 'cursor_invalid' }))
  })
})
