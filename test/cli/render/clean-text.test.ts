import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanLines, cleanText } from '../../../adapters/cli/render/clean-text.ts'

describe('cleanText', () => {
  it.each([
    ['colours', 'a \x1b[31;1mred\x1b[0m b', 'a red b'],
    ['cursor movements', 'a\x1b[2J\x1b[H\x1b[1Ab', 'ab'],
    ['one-byte sequences', 'a\x9b31mb', 'ab'],
    ['a window title', 'a\x1b]0;pwned\x07b', 'ab'],
    ['a link', 'a\x1b]8;;http://evil.example\x1b\\b\x1b]8;;\x1b\\', 'ab'],
    ['a device string', 'a\x1bPq#0\x1b\\b', 'ab'],
    ['a sequence without an end, but not the text behind it', 'a\x1b]0;rest', 'a0;rest'],
    ['a sequence that is cut off', 'a\x1b[', 'a'],
    ['line breaks and tabs', 'a\r\nb\tc\u2028d\x85e\x0bf', 'a b c d e f'],
    ['bells and backspaces', 'a\x07\x08\x00b\x7f', 'ab'],
    ['a reversed reading direction', '\u202egpj.exe\u202c \u2066x\u2069\u200f', 'gpj.exe x'],
    ['zero-width characters', 'pass\u200bword\ufeff\u2060', 'password'],
    ['hidden tag characters', 'hi\u{e0041}\u{e0042}', 'hi'],
    ['halves of a character', 'a\ud800b', 'a\ufffdb'],
    ['white space around it', '  a  b ', 'a b'],
  ])('takes out %s', (_what, text, expected) => {
    expect(cleanText(text)).toBe(expected)
  })

  it.each(['Größe 10 % – naïve café', '日本語 한국어 עברית العربية', '👩‍👩‍👧 👍🏽 ❤️', 'a < b > c & "d"'])('leaves %j alone', (text) => {
    expect(cleanText(text)).toBe(text)
  })

  it('leaves nothing that a terminal could obey, whatever comes in', () => {
    const pieces = ['\x1b', '[', ']', '\x9b', '\x9d', '\x07', '\\', 'P', ';', '\u202e', '\n', 'm', '1', '\u2066', '\x85', 'é', '\udc00']
    const nasty = fc.oneof(fc.string({ unit: fc.constantFrom(...pieces), maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }))
    fc.assert(
      fc.property(nasty, (text) => {
        expect(cleanText(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]/)
      }),
    )
  })
})

describe('cleanLines', () => {
  it('keeps line breaks, but not blank lines in a row or at the ends', () => {
    expect(cleanLines('\n\na\r\n\n\n b\x1b[1m\nc\u2028d\n\n')).toEqual(['a', '', 'b', 'c', 'd'])
    expect(cleanLines('')).toEqual([])
    expect(cleanLines(' \n ')).toEqual([])
  })
})
