import { describe, expect, it } from 'vitest'
import { constraintName } from '../../src/schema/table.ts'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

describe('a name by the convention', () => {
  it.each([
    ['letters', 'x'],
    ['letters of two bytes', 'ä'],
    ['letters of three', '日'],
    ['letters of four', '🐚'],
  ])('is cut at a whole letter where it is of %s and too long', (_, letter) => {
    for (let before = 0; before < 4; before += 1) {
      const name = constraintName('ix_%', ['t'.repeat(before), letter.repeat(60)])
      expect(bytesOf(name)).toBeLessThanOrEqual(63)
      expect(name).toMatch(new RegExp(`^ix_t*_${letter}+_[0-9a-f]{8}$`, 'u'))
    }
  })

  it('differs where only what is cut off does', () => {
    expect(constraintName('ix_%', ['x'.repeat(80), 'a'])).not.toBe(constraintName('ix_%', ['x'.repeat(80), 'b']))
  })
})
