/**
 * Has PostgreSQL print an expression, and what it printed again, until the text stands still: `varchar IN (…)` takes two
 * passes. A constant default is asked for its value as well.
 */
import type { Place, Surroundings } from '../../schema/expression-probe.ts'
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import type { LiveColumn } from '../../schema/introspect.ts'
import type { Transaction } from '../storage.ts'
import { isConstantExpression, normalPostgresExpression, postgresTokens } from './expression-text.ts'

const maxPasses = 3

/** @throws TidemarkError `statement_failed` when the server does not know what the expression names */
export async function probePostgres(tx: Transaction, { table, columns, enums }: Surroundings, place: Place, expression: string): Promise<string> {
  // In front of the path, so that its types and tables go before those of the same name.
  await tx.query({ sql: 'create schema tidemark_probe' })
  await tx.query({ sql: `select set_config('search_path', concat_ws(', ', 'tidemark_probe', nullif(current_setting('search_path'), '')), true)` })
  const named = new Set(postgresTokens(expression).map((token) => (token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token)))
  // Only what is named: a type that the server does not know hinders nobody else. A name in upper case is quoted, so it is exact.
  const own = 'column' in place ? [place.column] : []
  const needed = [...columns.filter((column) => named.has(column.name) && !own.some((other) => other.name === column.name)), ...own]
  const types = needed.flatMap(({ type }) => (type.kind === 'enum' && type.name !== undefined ? [type.name] : []))
  for (const type of new Set([...types, ...[...enums.keys()].filter((name) => named.has(name))])) {
    const values = enums.get(type)
    if (values !== undefined) await tx.query({ sql: `create type ${id(type)} as enum (${values.map(quoteLiteral).join(', ')})` })
  }
  const generated = place.kind === 'generated' ? place.column.name : undefined
  await tx.query({ sql: `create table ${id(table)} (${needed.filter((column) => column.name !== generated).map((column) => `${id(column.name)} ${column.declaredType}`).join(', ')})` })

  let text = expression
  for (let pass = 0; pass < maxPasses; pass += 1) {
    const printed = await printedBy(tx, table, place, text)
    if (printed === text) break
    text = printed
  }
  if (place.kind === 'default' && isConstantExpression(text)) return `value ${await valueOf(tx, place.column, text)}`
  return normalPostgresExpression(text, new Set(columns.filter((column) => column.type.kind === 'text').map((column) => column.name)))
}

async function printedBy(tx: Transaction, table: string, place: Place, expression: string): Promise<string> {
  const target = id(table)
  switch (place.kind) {
    case 'check':
      await tx.query({ sql: `alter table ${target} drop constraint if exists tidemark_probe, add constraint tidemark_probe check (${expression})` })
      return one(tx, `select pg_get_expr(conbin, conrelid) as text from pg_catalog.pg_constraint where conname = 'tidemark_probe' and connamespace = 'tidemark_probe'::regnamespace`)
    case 'index':
      await tx.query({ sql: 'drop index if exists tidemark_probe.tidemark_index' })
      await tx.query({ sql: `create index tidemark_index on ${target} ((${expression}))` })
      return one(tx, `select pg_get_indexdef('tidemark_probe.tidemark_index'::regclass, 1, true) as text`)
    case 'predicate':
      await tx.query({ sql: 'drop index if exists tidemark_probe.tidemark_index' })
      await tx.query({ sql: `create index tidemark_index on ${target} ((1)) where ${expression}` })
      return one(tx, `select pg_get_expr(indpred, indrelid) as text from pg_catalog.pg_index where indexrelid = 'tidemark_probe.tidemark_index'::regclass`)
    case 'default':
      await tx.query({ sql: `alter table ${target} alter column ${id(place.column.name)} set default ${expression}` })
      return printedDefault(tx, place.column.name)
    case 'generated':
      await tx.query({ sql: `alter table ${target} drop column if exists ${id(place.column.name)}` })
      await tx.query({ sql: `alter table ${target} add column ${id(place.column.name)} ${place.column.declaredType} generated always as (${expression}) stored` })
      return printedDefault(tx, place.column.name)
    default:
      throw new TypeError(`unknown place ${JSON.stringify(place satisfies never)}`)
  }
}

async function printedDefault(tx: Transaction, column: string): Promise<string> {
  const { rows } = await tx.query<{ text: string }>({
    sql: `select pg_get_expr(d.adbin, d.adrelid) as text from pg_catalog.pg_attrdef as d join pg_catalog.pg_class as c on c.oid = d.adrelid
      join pg_catalog.pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where c.relnamespace = 'tidemark_probe'::regnamespace and a.attname = $1`,
    parameters: [column],
  })
  return rows[0]?.text ?? 'null'
}

/** Numbers in one form, whatever zeros stand behind their point. */
async function valueOf(tx: Transaction, column: LiveColumn, expression: string): Promise<string> {
  const text = await one(tx, `select cast(cast((${expression}) as ${column.declaredType}) as text) as text`)
  return column.type.kind === 'numeric' && text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

async function one(tx: Transaction, sql: string): Promise<string> {
  return (await tx.query<{ text: string | null }>({ sql })).rows[0]?.text ?? 'null'
}
