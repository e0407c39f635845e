/**
 * How SQLite values become port values. SQLite stores no booleans, instants or JSON; the declared type of a column says
 * what its content means, and this file is the only place that knows the rule. A value that is not what its column
 * promises is handed over as it is, so that one odd row never makes a table unreadable.
 */
import { instantFromText } from '../instant-text.ts'

/** From a value as SQLite has it to one of the port. */
export type Decode = (value: unknown) => unknown

/**
 * The decoder for a declared column type, or undefined when values need none.
 *
 * Case and a length are ignored: `BOOLEAN`, `BOOL` · `INSTANT TEXT`, `INSTANT`, `DATETIME`, `TIMESTAMP`,
 * `TIMESTAMPTZ`, `TIMESTAMP WITH TIME ZONE` · `JSON TEXT`, `JSON`, `JSONB`.
 */
export function decoderOf(declaredType: string): Decode | undefined {
  const word = /^\s*([a-z]+)/i.exec(declaredType)?.[1]?.toUpperCase()
  switch (word) {
    case 'BOOLEAN':
    case 'BOOL':
      return (value) => (value === 1 ? true : value === 0 ? false : value)
    case 'INSTANT':
    case 'DATETIME':
    case 'TIMESTAMP':
    case 'TIMESTAMPTZ':
      return (value) => (typeof value === 'string' ? instantFromText(value) : value)
    case 'JSON':
    case 'JSONB':
      return (value) => (typeof value === 'string' ? parsed(value) : value)
    default:
      return undefined
  }
}

/** An integer that a double holds exactly comes as a number, any other as a bigint. */
export function integerFromBigInt(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
