/** How many terminal cells a text takes, and texts cut to a number of cells. For clean text: no escapes, no control characters. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Cells, with wide East Asian characters and emoji counted as two. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The text, or as much of it as fits into `width` cells with an ellipsis at its end. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 1
  for (const { segment } of segmenter.segment(text)) {
    used += graphemeWidth(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** The text in lines of at most `width` cells, broken between words; a longer word is broken where it must be. */
export function wrapToWidth(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) {
      line = longer
    } else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}

function pieces(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word]
  const result = ['']
  for (const { segment } of segmenter.segment(word)) {
    const last = result.at(-1) ?? ''
    if (displayWidth(last + segment) <= width) result[result.length - 1] = last + segment
    else result.push(segment)
  }
  return result
}

function graphemeWidth(grapheme: string): number {
  if (/^\p{Mark}+$/u.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}

// Hangul, CJK, kana, full-width forms, and what is shown as an emoji.
const wide = /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
