/**
 * The one rule for text between the store and a client: what a person cannot see, a model must not read. Titles, steps and
 * comments come from strangers, and invisible characters are how instructions are hidden in them.
 */

// Default-ignorable code points are the zero-width, bidirectional and tag characters, fillers and variation selectors. The two
// selectors that only choose between text and emoji stay, as does the joiner between two emoji; so do line ends and tabs.
const visible = /\n|\r|\t|\uFE0E|\uFE0F|(?<=\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D(?=\p{Extended_Pictographic})/u
const invisible = new RegExp(`(?!${visible.source})[\\p{Default_Ignorable_Code_Point}\\p{Cc}]`, 'gu')
const loneSurrogate = /\p{Surrogate}/gu

/** The text without invisible and control characters, with lone surrogates replaced by U+FFFD: always valid Unicode. */
export function cleanText(text: string): string {
  return text.replace(loneSurrogate, '\uFFFD').replace(invisible, '')
}

/** The same value with every text in it cleaned, and without properties that are undefined. Keys are texts, too: counts by an upstream word have it as key. */
export function cleanTexts(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleanTexts)
  if (typeof value !== 'object' || value === null) return value
  const cleaned = new Map<string, unknown>()
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) cleaned.set(freeKey(cleanText(key), cleaned), cleanTexts(inner))
  }
  return Object.fromEntries(cleaned)
}

/** Two words that only look alike stay two. */
function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  return taken.has(key) ? freeKey(`${key}\uFFFD`, taken) : key
}
