import { expect, it } from 'vitest'
import { compareByCodePoint } from '../../src/storage/collation.ts'

it('texts are compared by code point, not by halves of surrogate pairs', () => {
  // U+1F40C stands behind U+FF5E, and its first half before it.
  expect(['\u{1f40c}', '\uff5e', 'b', 'a\uff5e', 'a', 'a\u{1f40c}', ''].toSorted(compareByCodePoint)).toEqual(['', 'a', 'a\uff5e', 'a\u{1f40c}', 'b', '\uff5e', '\u{1f40c}'])
})
