/** Which changes make PostgreSQL write a whole table anew. What is said here is measured by its test, statement by statement. */
import type { ColumnType } from '../../schema/column.ts'
import type { LiveType } from '../../schema/introspect.ts'
import { tokenizePostgres } from './statement-text.ts'

/** True where a column of the first type is written anew to become one of the second. */
export function typeChangeRewrites(from: LiveType, to: ColumnType): boolean {
  if (isText(from) && isText(to)) {
    const [before, after] = [lengthOf(from), lengthOf(to)]
    return after !== undefined && (before === undefined || before > after)
  }
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    if (to.precision === undefined) return false
    return from.precision === undefined || (from.scale ?? 0) !== (to.scale ?? 0) || from.precision > to.precision
  }
  if (from.kind === 'enum' && to.kind === 'enum') return from.name !== to.name
  return from.kind !== to.kind
}

/** True where the default may give each row a value of its own, which is then written into all of them. */
export function isVolatileExpression(sql: string): boolean {
  const tokens = tokenizePostgres(sql)
  return tokens.some((token, index) => (token.kind === 'word' || token.kind === 'quoted') && tokens[index + 1]?.text === '(' && !steady.has(token.text.toLowerCase()))
}

// Functions that give one value for the whole statement, and words that stand before a parenthesis. Any other may be volatile.
const steady = new Set([
  'now', 'transaction_timestamp', 'statement_timestamp', 'current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp', 'current_setting', 'current_schema',
  'date_trunc', 'date_part', 'extract', 'age', 'make_date', 'make_timestamptz', 'to_char', 'to_date', 'to_timestamp', 'cast', 'coalesce', 'nullif', 'greatest', 'least', 'case', 'when', 'then', 'else', 'and', 'or', 'not', 'in', 'is', 'between', 'like', 'any', 'all',
  'lower', 'upper', 'trim', 'btrim', 'ltrim', 'rtrim', 'length', 'substr', 'substring', 'replace', 'concat', 'repeat', 'md5', 'abs', 'round', 'trunc', 'floor', 'ceil', 'mod', 'array', 'interval',
  'numeric', 'varchar', 'char', 'timestamptz', 'timestamp', 'time', 'jsonb_build_object', 'jsonb_build_array', 'json_build_object', 'json_build_array', 'to_jsonb', 'to_json', 'row',
])

/** Types that are the same on disk: an enum without a name is a text with a check. */
function isText(type: LiveType): boolean {
  return type.kind === 'text' || (type.kind === 'enum' && type.name === undefined)
}

function lengthOf(type: LiveType): number | undefined {
  return type.kind === 'text' ? type.length : undefined
}
