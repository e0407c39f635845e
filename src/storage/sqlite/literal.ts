/** A checked value as SQLite text that means the same as the value when it is bound, storage class included. */
import { hexOf } from '../../hex.ts'
import { quoteLiteral } from '../../schema/identifier.ts'
import type { BoundValue } from '../parameter.ts'

export function sqliteLiteral(value: BoundValue): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value)
    case 'boolean':
      return value ? '1' : '0'
    case 'bigint':
      return signed(String(value))
    case 'number':
      // The adapters bind a number that is an exact integer as one, and every other as a double.
      return signed(Number.isSafeInteger(value) ? String(value + 0) : doubleText(value))
    default:
      return value === null ? 'null' : `x'${hexOf(value)}'`
  }
}

/** The shell of SQLite drops a carriage return at the end of a line of its input, inside of literals too. */
function textLiteral(text: string): string {
  return text.includes('\r') ? `(${text.split('\r').map(quoteLiteral).join(' || char(13) || ')})` : quoteLiteral(text)
}

/** Behind a minus, a bare negative number would begin a comment. */
function signed(text: string): string {
  return text.startsWith('-') ? `(${text})` : text
}

function doubleText(value: number): string {
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}
