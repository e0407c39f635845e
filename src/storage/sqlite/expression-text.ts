/**
 * One spelling for SQLite's expressions, which the engine keeps as they were typed: white space, case of words, quotes
 * of names, parentheses and the order of lists count no longer. The result is SQL of the same meaning.
 */
import { quoteIdentifier, quoteLiteral } from '../../schema/identifier.ts'
import { type Synonym, type Tokens, withSortedLists, withSynonyms, withoutNeedlessParentheses } from '../../schema/expression-tokens.ts'
import { type Token, folded, tokenize } from './ddl-tokens.ts'

/** @param columns of the table, folded: a name in double quotes that is none of them is a text to SQLite */
export function normalSqliteExpression(text: string, columns: ReadonlySet<string>): string {
  const tokens = withSynonyms(spelled(text, columns), synonyms)
  const isList = (all: Tokens, position: number): boolean => all[position] === '(' && all[position - 1] === 'in'
  return withoutNeedlessParentheses(withSortedLists(tokens, isList, isConstant)).join(' ')
}

/** The same for a default. One name alone is a text there, in whatever quotes. */
export function normalSqliteDefault(text: string): string {
  const [only, more] = tokenize(text)
  const isText = more === undefined && (only?.kind === 'quoted' || (only?.kind === 'word' && !values.has(only.value.toLowerCase())))
  return isText ? quoteLiteral(only.value) : normalSqliteExpression(text, new Set())
}

/** Numbers and texts in their order, each with its value: `EXPLAIN` shows some of them cut. */
export function literalsOf(text: string): readonly string[] {
  return tokenize(text).flatMap((token) => (token.kind === 'string' ? [`'${token.value}'`] : token.kind === 'number' ? [numberText(token.value)] : []))
}

const operators = new Set(['<=', '>=', '<>', '!=', '==', '||', '<<', '>>', '->', '->>'])

const synonyms: readonly Synonym[] = [
  [['=='], ['=']],
  [['!='], ['<>']],
  [['datetime', '(', ')'], ['current_timestamp']],
  [['datetime', '(', "'now'", ')'], ['current_timestamp']],
  [['strftime', '(', "'%Y-%m-%d %H:%M:%S'", ',', "'now'", ')'], ['current_timestamp']],
  [['date', '(', ')'], ['current_date']],
  [['date', '(', "'now'", ')'], ['current_date']],
  [['strftime', '(', "'%Y-%m-%d'", ',', "'now'", ')'], ['current_date']],
  [['time', '(', ')'], ['current_time']],
  [['time', '(', "'now'", ')'], ['current_time']],
  [['strftime', '(', "'%H:%M:%S'", ',', "'now'", ')'], ['current_time']],
]

/** Words that mean a value where they stand bare. */
const values = new Set(['null', 'true', 'false', 'current_timestamp', 'current_date', 'current_time'])

function spelled(text: string, columns: ReadonlySet<string>): Tokens {
  const result: string[] = []
  let last: Token | undefined
  const tokens = tokenize(text)
  for (const [position, token] of tokens.entries()) {
    const touching = last?.end === token.start
    const before = result.at(-1) ?? ''
    if (token.kind === 'symbol' && touching && operators.has(before + token.value)) result[result.length - 1] = before + token.value
    else if (token.kind === 'string' && touching && before === 'x') result[result.length - 1] = `x'${token.value.toLowerCase()}'`
    else result.push(tokenText(token, columns, tokens[position + 1]))
    last = token
  }
  return result
}

function tokenText(token: Token, columns: ReadonlySet<string>, next: Token | undefined): string {
  const name = folded(token.value)
  const isColumn = columns.has(name)
  switch (token.kind) {
    case 'word':
      return isColumn && !values.has(name) && next?.value !== '(' ? quoteIdentifier(name) : token.value.toLowerCase()
    case 'quoted':
      return quoteIdentifier(isColumn ? name : token.value)
    case 'string':
      return quoteLiteral(token.value)
    case 'number':
      return numberText(token.value)
    case 'symbol':
      return token.value
    default:
      throw new TypeError(`unknown token ${String(token.kind satisfies never)}`)
  }
}

/** A whole number by its digits, also one in hexadecimal; a real one in its shortest form, and still a real one. */
function numberText(written: string): string {
  const text = written.replaceAll('_', '')
  if (/^(?:\d+|0x[\da-f]+)$/i.test(text)) return String(BigInt.asIntN(64, BigInt(text)))
  const shortest = String(Number(text))
  return /[.eEI]/.test(shortest) ? shortest : `${shortest}.0`
}

function isConstant(token: string): boolean {
  return /^(?:'|x'|[\d+-])/.test(token)
}
