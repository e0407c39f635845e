import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../../src/repositories/cursor.ts'

describe('a cursor', () => {
  it.each(['x', 'é', '漢', '"', '\u0001'])('of a title of many %j is never longer than lists take', (character) => {
    for (const length of [1, 399, 400, 401, 3_000, 200_000]) {
      const cursor = encodeCursor('print', { value: character.repeat(length), id: Number.MAX_SAFE_INTEGER, offset: Number.MAX_SAFE_INTEGER })
      expect(cursor.length).toBeLessThanOrEqual(4_000)
      expect(decodeCursor('print', cursor).value).toBe(length <= 400 ? character.repeat(length) : undefined)
    }
  })

  it.each([{ v: 'x' }, { v: 5 }, { v: null }, { i: 8 }, { o: 21 }])('that was changed to %j is refused, whatever an engine would make of it', (change) => {
    const parts: object = JSON.parse(atob(encodeCursor('print', { value: '2026-03-02T09:00:00.000Z', id: 7, offset: 20 })))
    expect(() => decodeCursor('print', btoa(JSON.stringify({ ...parts, ...change })))).toThrow(expect.objectContaining({ code: 'cursor_invalid' }))
  })
})
