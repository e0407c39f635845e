/** Reads the CREATE INDEX text that SQLite keeps. */
import { isKeyword, isName, isSymbol, tokenize } from './ddl-tokens.ts'
import type { Token } from './ddl-tokens.ts'

export interface StoredIndex {
  readonly unique: boolean
  /** As written, less the order: a name without its quotes, or the text of an expression or of a name with a collation. */
  readonly columns: readonly { readonly column?: string | undefined; readonly expression: string; readonly order: 'asc' | 'desc' }[]
  readonly where?: string | undefined
}

/** Undefined when the text is none of CREATE INDEX. */
export function parseCreateIndex(sql: string): StoredIndex | undefined {
  const tokens = tokenize(sql)
  const on = tokens.findIndex((token) => isKeyword(token, 'ON'))
  const open = tokens.findIndex((token, position) => position > on && isSymbol(token, '('))
  if (on < 0 || open < 0) return undefined
  const parts: Token[][] = [[]]
  let depth = 1
  let at = open + 1
  for (; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    if (isSymbol(token, '(')) depth += 1
    if (isSymbol(token, ')')) depth -= 1
    if (depth === 0) break
    if (depth === 1 && isSymbol(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  const where = tokens[at + 1]
  return {
    unique: isKeyword(tokens[1], 'UNIQUE'),
    columns: parts.map((part) => {
      const last = part.at(-1)
      const own = isKeyword(last, 'ASC', 'DESC') ? part.slice(0, -1) : part
      const [only, more] = own
      const expression = sql.slice(only?.start, own.at(-1)?.end)
      return { column: isName(only) && more === undefined ? only.value : undefined, expression, order: isKeyword(last, 'DESC') ? 'desc' : 'asc' }
    }),
    where: isKeyword(where, 'WHERE') && where ? sql.slice(where.end).trim() : undefined,
  }
}
