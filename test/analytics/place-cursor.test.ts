import { describe, expect, it } from 'vitest'
import { decodePageEnd, encodePageEnd } from '../../src/analytics/place-cursor.ts'
import { encodeCursor } from '../../src/repositories/cursor.ts'

describe('a cursor of a place', () => {
  it('gives back the place and how many rows lie before its end', () => {
    const end = { place: ['a, "b"', -1.5, true, null], offset: 40 }
    expect(decodePageEnd('print', encodePageEnd('print', end))).toEqual(end)
  })

  it.each([
    ['no JSON', 'Shop'],
    ['no list', '{"place":1}'],
    ['a list of lists', '[["Shop"]]'],
  ])('that holds %s is refused', (_, value) => {
    expect(() => decodePageEnd('print', encodeCursor('print', { value, id: 0, offset: 1 }))).toThrow(expect.objectContaining({ code: 'cursor_invalid' }))
  })
})
