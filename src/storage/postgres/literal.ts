/**
 * A checked value as PostgreSQL text that means the same as the value when it is bound: a quoted literal that has no type
 * of its own, so that its place decides, as it decides about a parameter. A bare `5` would be an integer and nothing
 * else, and a column of text, JSON or booleans would refuse what it takes from a parameter. Backslashes stand for
 * themselves: whoever prints it sets `standard_conforming_strings`.
 */
import { quoteLiteral } from '../../schema/identifier.ts'
import type { BoundValue } from '../parameter.ts'
import { postgresParameter } from './values.ts'

export function postgresLiteral(value: BoundValue): string {
  const text = postgresParameter(value)
  return text === null ? 'null' : quoteLiteral(text)
}
