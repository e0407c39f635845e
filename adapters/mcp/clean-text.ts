/**
 * The one rule for text on its way to a client: what a person cannot see, a model must not read. Titles, steps and comments
 * come from strangers, and invisible characters are how instructions are hidden in them.
 */

// Default-ignorable code points are the zero-width, bidirectional and tag characters, fillers and variation selectors; the
// two selectors that only choose between text and emoji form stay. Of the control characters, line end and tab stay.
const invisible = /(?!\n|\t|\uFE0E|\uFE0F)[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu
const loneSurrogate = /\p{Surrogate}/gu

/** The text without invisible and control characters, with lone surrogates replaced by U+FFFD: always valid Unicode. */
export function cleanText(text: string): string {
  return text.replace(loneSurrogate, '\uFFFD').replace(invisible, '')
}

/** The same answer with every text in it cleaned, and without properties that are undefined. Keys are ours and stay. */
export function cleanAnswer(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanAnswer)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (inner === undefined ? [] : [[key, cleanAnswer(inner)]])),
  )
}
