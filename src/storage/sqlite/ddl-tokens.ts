/**
 * Cuts SQLite's text, DDL or any other, into tokens with their places, so that a clause can be found and replaced while every
 * other character stays as its author wrote it. White space and comments are no tokens.
 */

export interface Token {
  /** `word`: bare; `quoted`: "x", [x] or `x`; `string`: 'x'; `symbol`: one character of punctuation. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  /** The name without its quotes, the content of a string, the text of anything else. */
  readonly value: string
  readonly start: number
  readonly end: number
}

// In this order: white space and comments, names in three kinds of quotes, strings, numbers, words, the rest. A block comment, name or string that is not closed runs to the end.
const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<quoted>"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?)|(?<string>'(?:[^']|'')*'?)|(?<number>\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)|(?<word>[a-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*)|(?<symbol>[\s\S])/giu

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (const match of sql.matchAll(pattern)) {
    const { groups = {}, index: start } = match
    const text = match[0]
    const end = start + text.length
    if (groups['quoted'] !== undefined) tokens.push({ kind: 'quoted', value: unquote(text), start, end })
    else if (groups['string'] !== undefined) tokens.push({ kind: 'string', value: unquote(text), start, end })
    else if (groups['number'] !== undefined) tokens.push({ kind: 'number', value: text, start, end })
    else if (groups['word'] !== undefined) tokens.push({ kind: 'word', value: text, start, end })
    else if (groups['symbol'] !== undefined) tokens.push({ kind: 'symbol', value: text, start, end })
  }
  return tokens
}

/** A name in the form in which SQLite compares it: without regard to the case of ASCII letters. */
export function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

export function sameName(a: string, b: string): boolean {
  return folded(a) === folded(b)
}

/** True when the token is this name, however it is quoted. SQLite takes a string for a name where only a name can stand. */
export function isName(token: Token | undefined, name?: string): token is Token {
  return token !== undefined && (token.kind === 'word' || token.kind === 'quoted' || token.kind === 'string') && (name === undefined || sameName(token.value, name))
}

/** True when the token is the bare keyword. */
export function isKeyword(token: Token | undefined, ...keywords: readonly string[]): boolean {
  return token?.kind === 'word' && keywords.includes(token.value.toUpperCase())
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol
}

function unquote(text: string): string {
  const quote = text[0] ?? ''
  const inner = text.slice(1, -1)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}
