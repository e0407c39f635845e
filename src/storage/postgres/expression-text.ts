/**
 * One spelling for expressions as PostgreSQL prints them. What it prints still depends on the way in which an expression
 * was typed: casts between text and varchar that do nothing, the order of lists, two words for the same moment.
 */
import { type Synonym, type Tokens, withSortedLists, withSynonyms, withoutChainedParentheses, withoutNeedlessParentheses } from '../../schema/expression-tokens.ts'

/** @param texts names of the columns of type text or varchar */
export function normalPostgresExpression(text: string, texts: ReadonlySet<string>): string {
  const tokens = withoutTextCasts(withSynonyms(postgresTokens(text), synonyms), texts)
  const isList = (all: Tokens, position: number): boolean => all[position] === '[' && all[position - 1] === 'array' && all[position - 2] === '(' && /^(?:any|all)$/.test(all[position - 3] ?? '')
  const plain = withoutNeedlessParentheses(withSortedLists(tokens, isList, isConstant))
  // PostgreSQL prints them or not, as it is asked; it never prints BETWEEN.
  return (plain.includes('between') ? plain : withoutChainedParentheses(plain)).join(' ')
}

/** Words in lower case, names without quotes that need none, strings as they stand. */
export function postgresTokens(text: string): Tokens {
  return [...text.matchAll(/E?'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*|::|\S/gu)].map(([token]) =>
    /^"[\p{Ll}_][\p{Ll}\d_]*"$/u.test(token) ? token.slice(1, -1) : /^[\p{L}_]/u.test(token) && !token.endsWith("'") ? token.toLowerCase() : token,
  )
}

/** No functions, columns or words of the moment: its value is the same always. */
export function isConstantExpression(text: string): boolean {
  const withoutCasts = postgresTokens(text.replaceAll(typeOfCast, ' '))
  return withoutCasts.every((token) => !/^[\p{L}_"]/u.test(token) || token.endsWith("'") || ['true', 'false', 'null', 'array'].includes(token))
}

const typeOfCast = /::\s*(?:character varying|double precision|bit varying|(?:"(?:[^"]|"")*"|\w+)(?:\.(?:"(?:[^"]|"")*"|\w+))?)(?:\(\d+(?:,\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*/g

const synonyms: readonly Synonym[] = [
  [['transaction_timestamp', '(', ')'], ['current_timestamp']],
  [['now', '(', ')'], ['current_timestamp']],
]

/** Between text and varchar a cast changes nothing, and neither type has operators that the other lacks. */
function withoutTextCasts(tokens: Tokens, texts: ReadonlySet<string>): Tokens {
  const cast = tokens.findIndex((token, position) => token === '::' && castLength(tokens, position) > 0 && isText(tokens, position - 1, texts))
  if (cast >= 0) return withoutTextCasts(tokens.toSpliced(cast, castLength(tokens, cast)), texts)
  const single = tokens.findIndex((token, position) => token === '(' && tokens[position + 2] === ')' && !isCall(tokens[position - 1]))
  if (single >= 0) return withoutTextCasts([...tokens.slice(0, single), ...tokens.slice(single + 1, single + 2), ...tokens.slice(single + 3)], texts)
  const fewer = withoutNeedlessParentheses(tokens)
  return fewer.length < tokens.length ? withoutTextCasts(fewer, texts) : fewer
}

/** How many tokens the cast at this place takes; 0 when it is none to text or varchar, or one with a length. */
function castLength(tokens: Tokens, at: number): number {
  const words = tokens[at + 1] === 'text' ? 1 : tokens[at + 1] === 'character' && tokens[at + 2] === 'varying' ? 2 : 0
  if (words === 0 || tokens[at + words + 1] === '(') return 0
  return 1 + words + (tokens[at + words + 1] === '[' && tokens[at + words + 2] === ']' ? 2 : 0)
}

/** True when a text ends at this place: a literal, a column, or a list of such. */
function isText(tokens: Tokens, at: number, texts: ReadonlySet<string>): boolean {
  const token = tokens[at] ?? ''
  if (token === ')') {
    const open = openingOf(tokens, at)
    return !isCall(tokens[open - 1]) && (open === at - 2 || tokens[open + 1] === 'array') && isText(tokens, at - 1, texts)
  }
  if (token === ']') {
    const open = openingOf(tokens, at)
    return tokens[open - 1] === 'array' && tokens.slice(open + 1, at).every((item) => item === ',' || item.endsWith("'"))
  }
  return token.endsWith("'") || texts.has(unquoted(token))
}

function openingOf(tokens: Tokens, close: number): number {
  let depth = 0
  for (let at = close; at >= 0; at -= 1) {
    if (tokens[at] === ')' || tokens[at] === ']') depth += 1
    if (tokens[at] === '(' || tokens[at] === '[') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

const operatorWords = new Set(['and', 'or', 'not', 'like', 'when', 'then', 'else', 'between', 'from'])

/** Parentheses behind a word belong to it, unless the word is an operator. */
function isCall(before: string | undefined): boolean {
  return before !== undefined && /^[\p{L}_"]/u.test(before) && !before.endsWith("'") && !operatorWords.has(before)
}

function unquoted(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
}

function isConstant(token: string): boolean {
  return /^(?:E?'|\d|[+-]|::|\w+$)/.test(token)
}
