/**
 * SQLite prints an expression as it was typed, so it is asked for what it would run: the byte code over a table of the
 * same columns or, for a default that is a constant, the value that a row gets.
 */
import type { Place, Surroundings } from '../../schema/expression-probe.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { LiveColumn } from '../../schema/introspect.ts'
import type { Transaction } from '../storage.ts'
import { type Token, folded, isKeyword, tokenize } from './ddl-tokens.ts'
import { literalsOf, normalSqliteDefault, normalSqliteExpression } from './expression-text.ts'

/** @throws TidemarkError `statement_failed` when SQLite does not know what the expression names */
export async function probeSqlite(tx: Transaction, { table, columns }: Surroundings, place: Place, expression: string): Promise<string> {
  if (place.kind === 'default') return probeDefault(tx, place.column, expression)
  const normal = normalSqliteExpression(expression, new Set(columns.map((column) => folded(column.name))))
  // A temporary table goes before one of the database with the same name, which the expression may spell out.
  await tx.query({ sql: `create temp table ${id(table)} (${columns.map(columnText).join(', ')})` })
  return byteCode(tx, place.kind === 'index' ? `select 1 from temp.${id(table)} order by ${normal}` : `select ${normal} from temp.${id(table)}`, normal)
}

async function probeDefault(tx: Transaction, column: LiveColumn, expression: string): Promise<string> {
  const normal = normalSqliteDefault(expression)
  const tokens = tokenize(normal)
  const words = tokens.filter((token, position) => token.kind === 'word' && !isOfCast(tokens, position)).map((token) => token.value.toLowerCase())
  await tx.query({ sql: `create temp table tidemark_probe (value ${column.declaredType} default (${normal}))` })
  const isConstant = words.every((word) => ['true', 'false', 'null', 'x'].includes(word))
  if (!isConstant) return byteCode(tx, 'insert into temp.tidemark_probe default values', normal)
  await tx.query({ sql: 'insert into temp.tidemark_probe default values' })
  const { rows } = await tx.query<{ type: string; text: string }>({ sql: 'select typeof(value) as type, quote(value) as text from temp.tidemark_probe' })
  const { type = '', text = '' } = rows[0] ?? {}
  return `value ${type} ${column.type.kind === 'json' ? jsonText(text) : text}`
}

/** The words of `cast(… as type)`. */
function isOfCast(tokens: readonly Token[], position: number): boolean {
  return isKeyword(tokens[position], 'CAST', 'AS') || isKeyword(tokens[position - 1], 'AS')
}

function columnText(column: LiveColumn): string {
  const collation = column.extras?.find((extra) => extra.startsWith('collate '))
  return `${id(column.name)} ${column.declaredType} ${collation ?? ''}`
}

/** Less what tells of this database: the number of the schema and the page of the table. */
async function byteCode(tx: Transaction, sql: string, normal: string): Promise<string> {
  const { rows } = await tx.query<{ opcode: string; p1: unknown; p2: unknown; p3: unknown; p4: unknown; p5: unknown }>({ sql: `explain ${sql}` })
  const steps = rows
    .filter(({ opcode }) => opcode !== 'Transaction')
    .map(({ opcode, p1, p2, p3, p4, p5 }) => [opcode, p1, /^Open(?:Read|Write)$/.test(opcode) ? 0 : p2, p3, p4, p5].join(' '))
  return JSON.stringify([steps, literalsOf(normal)])
}

/** The same JSON in one spelling: a literal as `quote` gives it. */
function jsonText(literal: string): string {
  try {
    return JSON.stringify(JSON.parse(literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal))
  } catch {
    return literal
  }
}
