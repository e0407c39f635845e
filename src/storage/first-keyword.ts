/** The first word of a statement, in either dialect: what kind of statement it is. Parses no further. */

const lead = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/|;)*([a-z]+)/i

/** In lower case; empty when the text does not begin with a word. Leading blanks, comments and `;` are skipped. */
export function firstKeyword(sql: string): string {
  return lead.exec(sql)?.[1]?.toLowerCase() ?? ''
}
