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
})
