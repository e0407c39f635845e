/** The first word of a statement, in either dialect: what kind of statement it is. Parses no further. */

const lead = /(?:\s|--[^\n]*|\/\*[^]*?\*\/|;)*/y
const word = /[a-z]+|[^]/iy

/**
 * In lower case; the first character where there is no word, and nothing for a text without a statement. Leading
 * blanks, comments and `;` are skipped.
 */
export function firstKeyword(sql: string): string {
  lead.lastIndex = 0
  lead.test(sql)
  word.lastIndex = lead.lastIndex
  return word.exec(sql)?.[0].toLowerCase() ?? ''
}
