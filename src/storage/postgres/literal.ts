/**
 * A checked value as PostgreSQL text that means the same as the value when it is bound: a quoted literal that has no type
 * of its own, so that its place decides, as it decides about a parameter. A bare `5` would be an integer and nothing
 * else, and a column of text, JSON or booleans would refuse what it takes from a parameter.
 */
import { quoteLiteral } from '../../schema/identifier.ts'
import type { BoundValue } from '../parameter.ts'
import { type PostgresToken, tokenizePostgres } from './statement-text.ts'
import { postgresParameter } from './values.ts'

export function postgresLiteral(value: BoundValue): string {
  const text = postgresParameter(value)
  return text === null ? 'null' : quoteLiteral(text)
}

/**
 * The text with every plain string literal that holds a backslash spelt so that it means the same whatever a server's
 * `standard_conforming_strings` says. Literals with Unicode escapes need that setting to be on, as ever.
 */
export function withoutDoubt(sql: string): string {
  const tokens = tokenizePostgres(sql)
  let text = ''
  let from = 0
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'string' || !token.text.startsWith("'") || !token.text.includes('\\') || isUnicodeString(tokens, index)) continue
    text += `${sql.slice(from, token.start)} E${token.text.replaceAll('\\', '\\\\')}`
    from = token.start + token.text.length
  }
  return text + sql.slice(from)
}

/** `U&'…'`, without a blank in it. */
function isUnicodeString(tokens: readonly PostgresToken[], index: number): boolean {
  const [letter, sign, string] = tokens.slice(Math.max(0, index - 2), index + 1)
  return letter !== undefined && sign?.text === '&' && string !== undefined && /^u$/i.test(letter.text) && letter.start + 2 === string.start
}
