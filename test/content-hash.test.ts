import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentHash } from '../src/content-hash.ts'

describe('the hash of some texts', () => {
  it('is 16 hex digits, the same for the same texts', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      expect(contentHash(...texts)).toMatch(/^[0-9a-f]{16}$/)
      expect(contentHash(...texts)).toBe(contentHash(...texts))
    }))
  })

  it('is another one when a character is another one, wherever it stands', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })
    fc.assert(fc.property(text, fc.nat(), fc.integer({ min: 1, max: 0xffff }), (before, place, difference) => {
      const at = place % before.length
      const after = before.slice(0, at) + String.fromCharCode(before.charCodeAt(at) ^ difference) + before.slice(at + 1)
      // UTF-8 has no halves of surrogate pairs.
      fc.pre(before.isWellFormed() && after.isWellFormed())
      expect(contentHash(after)).not.toBe(contentHash(before))
    }), { numRuns: 2_000 })
  })

  it('depends on their order, and on where one ends and the next begins', () => {
    const cut = [['ab', 'cd'], ['abc', 'd'], ['abcd'], ['cd', 'ab'], ['abcd', ''], ['', 'abcd'], ['a', 'bcd']]
    expect(new Set(cut.map((texts) => contentHash(...texts))).size).toBe(cut.length)
  })

  it('tells a hundred thousand texts apart that are much alike', () => {
    const hashes = new Set(Array.from({ length: 100_000 }, (_, index) => contentHash(`{"id":${index},"title":"Page ${index % 7}","status":"open"}`)))
    expect(hashes.size).toBe(100_000)
  })
})
