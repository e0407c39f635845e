/**
 * How the revisions say the expressions of a schema: an engine gives them back in words of its own, which the other
 * engine may not understand. Only names are looked at here; whether the words still mean the same is judged by others.
 */
import type { ColumnDefault } from '../../schema/column.ts'
import { quoteIdentifier } from '../../schema/identifier.ts'
import type { IndexDefinition } from '../../schema/table.ts'
import { isName, isSymbol, tokenize } from '../../storage/sqlite/ddl-tokens.ts'
import type { Operation } from '../operation.ts'

/** By name, for one table. */
export interface TableWords {
  readonly checks: Map<string, string>
  readonly indexes: Map<string, IndexDefinition>
  readonly generated: Map<string, string>
  readonly defaults: Map<string, ColumnDefault>
  /** Of columns; that of the table under null. */
  readonly comments: Map<string | null, string>
}

/** @param operations all upgrades, in the order in which they are applied */
export function revisionWords(operations: readonly Operation[]): ReadonlyMap<string, TableWords> {
  const tables = new Map<string, TableWords>()
  for (const operation of operations) follow(tables, operation)
  return tables
}

function follow(tables: Map<string, TableWords>, operation: Operation): void {
  switch (operation.kind) {
    case 'createTable': {
      const { name, columns, checks, indexes, comment } = operation.table
      tables.set(name, {
        checks: new Map(checks.map((check) => [check.name, check.expression])),
        indexes: new Map(indexes.map((index) => [index.name, index])),
        generated: new Map(columns.flatMap((column) => (column.generated ? [[column.name, column.generated.expression] as const] : []))),
        defaults: new Map(columns.flatMap((column) => (column.default ? [[column.name, column.default] as const] : []))),
        comments: new Map([{ name: null, comment }, ...columns].flatMap((item) => (item.comment === undefined ? [] : [[item.name, item.comment] as const]))),
      })
      return
    }
    case 'renameTable': {
      const words = tables.get(operation.from)
      tables.delete(operation.from)
      if (words) tables.set(operation.to, words)
      return
    }
    case 'batch':
      for (const change of operation.operations) follow(tables, change)
      return
    case 'createCheck':
      tables.get(operation.table)?.checks.set(operation.check.name, operation.check.expression)
      return
    case 'createIndex':
      tables.get(operation.table)?.indexes.set(operation.index.name, operation.index)
      return
    case 'addColumn': {
      const { generated, default: value, name, comment } = operation.column
      const words = tables.get(operation.table)
      if (generated) words?.generated.set(name, generated.expression)
      if (value) words?.defaults.set(name, value)
      say(words, name, comment)
      return
    }
    case 'setTableComment':
      say(tables.get(operation.table), null, operation.comment)
      return
    case 'setColumnComment':
      say(tables.get(operation.table), operation.column, operation.comment)
      return
    case 'alterColumn': {
      const { default: value, name, comment } = operation.change
      const words = tables.get(operation.table)
      if (value) words?.defaults.set(operation.column, value)
      if (comment !== undefined) say(words, operation.column, comment)
      if (name !== undefined && words) tables.set(operation.table, renamed(words, operation.column, name))
      return
    }
    default:
      // What is dropped is asked for by nobody.
      return
  }
}

function say(words: TableWords | undefined, column: string | null, comment: string | null | undefined): void {
  // An older column of that name may have had one.
  if (comment === null || comment === undefined) words?.comments.delete(column)
  else words?.comments.set(column, comment)
}

/** The words with the new name of a column in them. */
export function renamed({ checks, indexes, generated, defaults, comments }: TableWords, from: string, to: string): TableWords {
  const text = (expression: string): string => withName(expression, from, to)
  const key = (name: string): string => (name === from ? to : name)
  return {
    checks: new Map([...checks].map(([name, expression]) => [name, text(expression)])),
    indexes: new Map([...indexes].map(([name, index]) => [name, {
      ...index,
      columns: index.columns.map((part) => ('column' in part ? { ...part, column: key(part.column) } : { ...part, expression: text(part.expression) })),
      where: index.where === undefined ? undefined : text(index.where),
    }])),
    generated: new Map([...generated].map(([name, expression]) => [key(name), text(expression)])),
    defaults: new Map([...defaults].map(([name, value]) => [key(name), value])),
    comments: new Map([...comments].map(([name, comment]) => [name === null ? null : key(name), comment])),
  }
}

function withName(expression: string, from: string, to: string): string {
  const tokens = tokenize(expression)
  const written = /^[a-z_][a-z0-9_]*$/.test(to) ? to : quoteIdentifier(to)
  let text = expression
  for (const [position, token] of [...tokens.entries()].toReversed()) {
    if (token.kind !== 'string' && isName(token, from) && !isSymbol(tokens[position + 1], '(')) text = text.slice(0, token.start) + written + text.slice(token.end)
  }
  return text
}
