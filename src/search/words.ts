/**
 * The words of a text. What is indexed and what is asked for go through here, so every engine is given the same words and
 * none of its own rules for letters count. Knows nothing of languages: no stems, no stop words.
 */

/** Marks that any script uses, as they stand alone after decomposition; but those that make another kana. A script's own vowel signs are part of its words. */
const diacritics = /(?!\u3099|\u309a)(?=\p{M})\p{sc=Inherited}/gu
/** Chinese and Japanese are written without spaces: each character is a word, and a run of them is found as a phrase. */
const words = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]\p{M}*|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}\p{M}])+/gu
const ascii = /^[\0-\x7f]*$/
/** The same words, of a text that is ASCII and folded: most are, and this is many times faster. */
const asciiWords = /[a-z0-9]+/g

/** Longer words count up to here, in code points: PostgreSQL refuses words of 2 KB. */
const longestWord = 64

/** Lower case without diacritics, in one Unicode form. Done character by character, apart from a sigma at the end of a word. */
export function fold(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.normalize('NFKD').replaceAll(diacritics, '').toLowerCase().replaceAll('ς', 'σ')
}

/** In order, folded. Everything between letters and digits parts words. */
export function wordsOf(text: string): readonly string[] {
  const folded = fold(text)
  const found = folded.match(ascii.test(folded) ? asciiWords : words) ?? []
  return found.some((word) => word.length > longestWord) ? found.map((word) => (word.length > longestWord ? [...word].slice(0, longestWord).join('') : word)) : found
}

/** Words in a row as one text in which a word, a phrase or the beginning of a word can be looked for as text. */
export function spell(some: readonly string[]): string {
  return some.length === 0 ? '' : ` ${some.join('  ')} `
}
