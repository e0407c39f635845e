/**
 * What can be learned from the text of a PostgreSQL statement without running it. A small exact tokenizer: strings of
 * every kind, quoted names, comments (which nest) and dollar quotes are skipped whole, so a `$1` inside them is never
 * taken for a placeholder. No parser.
 */

export type PostgresTokenKind = 'word' | 'quoted' | 'string' | 'placeholder' | 'other'

export interface PostgresToken {
  readonly kind: PostgresTokenKind
  readonly start: number
  readonly text: string
}

/** The text with each `$n` replaced by `replacement(n)`, counted from 1. */
export function replacePostgresPlaceholders(sql: string, replacement: (position: number) => string): string {
  let text = ''
  let from = 0
  for (const token of tokenizePostgres(sql)) {
    if (token.kind !== 'placeholder') continue
    text += sql.slice(from, token.start) + replacement(Number(token.text.slice(1)))
    from = token.start + token.text.length
  }
  return text + sql.slice(from)
}

/** True when the end of the text, a comment or an open string, would make what is put behind it part of itself. */
export function swallows(sql: string, behind: ';' | '\n;'): boolean {
  const last = tokenizePostgres(sql + behind).at(-1)
  return last?.text !== ';' || last.start !== sql.length + behind.length - 1
}

// One alternative for each kind of token; sticky, so every character is looked at once. Block comments nest, which no
// regular expression can follow: only where one begins is said here. A word takes its dollar signs with it.
const lexeme =
  /(?<blank>[\s\ufeff]+|--[^\n\r]*)|(?<comment>\/\*)|(?<string>[eE]'(?:[^'\\]|\\[^]|'')*'?|'(?:[^']|'')*'?|\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[^]*?(?:\$\k<tag>\$|$))|(?<quoted>"(?:[^"]|"")*"?)|(?<placeholder>\$\d+)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<other>\d[\w.]*|[^])/y

/** White space and comments are no tokens. */
export function tokenizePostgres(sql: string): readonly PostgresToken[] {
  const tokens: PostgresToken[] = []
  lexeme.lastIndex = 0
  for (let match = lexeme.exec(sql); match !== null; match = lexeme.exec(sql)) {
    const groups = match.groups ?? {}
    if (groups['comment'] !== undefined) {
      lexeme.lastIndex = endOfComment(sql, match.index)
      continue
    }
    const kind = kinds.find((name) => groups[name] !== undefined)
    if (kind !== undefined) tokens.push({ kind, start: match.index, text: match[0] })
  }
  return tokens
}

const kinds: readonly PostgresTokenKind[] = ['word', 'other', 'placeholder', 'string', 'quoted']

function endOfComment(sql: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  let depth = 0
  for (let match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return sql.length
}
