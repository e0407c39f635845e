/**
 * Text from elsewhere (titles, comments, names), made harmless for a terminal. It cannot move the cursor, change colours,
 * set the window title, reverse the reading direction or hide behind invisible characters; what it says stays as it is.
 */

/** One line: line breaks and tabs become spaces. */
export function cleanText(text: string): string {
  return strip(text).replace(/[\s\x85]+/g, ' ').trim()
}

/** The same, line by line, for long texts; blank lines in a row become one. */
export function cleanLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/).map(cleanText).join('\n').replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '')
  return lines === '' ? [] : lines.split('\n')
}

function strip(text: string): string {
  return text.replace(stringSequence, '').replace(controlSequence, '').replace(invisible, '').replace(loneSurrogate, '\ufffd')
}

// ESC ] … (BEL | ESC \): titles, links, clipboard. Also the other string sequences: P (device), X, ^, _; and their one-byte forms.
// One without an end loses its beginning only, so that it cannot hide the rest of the text.
const stringSequence = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)/g
// ESC [ … letter: cursor, colours, screen. And the short sequences of ESC and one character.
const controlSequence = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g
// Control characters but white space; direction marks, overrides and isolates; zero-width characters but the joiners; tag characters.
const invisible = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu
const loneSurrogate = /\p{Surrogate}/gu
