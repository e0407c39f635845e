/** The arguments of `op.createTable`, and the parts of them that other calls have too. */
import type { ColumnDefinition } from '../../schema/column.ts'
import type { ForeignKeyTarget, IndexDefinition, TableConstraints } from '../../schema/table.ts'
import { type Code, type List, array, object, pair } from './code-layout.ts'
import { keyCode, textCode } from './code-literal.ts'
import type { CodeStyle } from './code-style.ts'
import { actionItems, columnCode } from './column-code.ts'

/** The columns of `op.createTable`, one a line. */
export function columnsCode(columns: readonly (readonly [string, ColumnDefinition])[], style: CodeStyle): List {
  return object(columns.map(([name, column]) => pair(keyCode(name, style), columnCode(column, style))), columns.length > 1)
}

/** What a table has besides its columns; no argument where that is nothing. */
export function constraintsCode({ primaryKey, uniques = [], indexes = [], checks = [], foreignKeys = [], comment }: TableConstraints, style: CodeStyle): readonly Code[] {
  const text = (value: string): string => textCode(value, style)
  const named = (name: string | undefined): Code[] => (name === undefined ? [] : [pair('name', text(name))])
  const list = (key: string, items: readonly Code[]): Code[] => (items.length === 0 ? [] : [pair(key, array(items))])
  const items = [
    ...(primaryKey === undefined ? [] : [pair('primaryKey', names(primaryKey, style))]),
    ...list('uniques', uniques.map(({ name, columns }) => object([...named(name), pair('columns', names(columns, style))]))),
    ...list('indexes', indexes.map(({ name, columns, unique, where }) =>
      object([...named(name), pair('columns', array(columns.map((part) => indexColumnCode(part, style)))), ...flag('unique', unique), ...(where === undefined ? [] : [pair('where', text(where))])]),
    )),
    ...list('checks', checks.map(({ name, expression }) => object([...named(name), pair('expression', text(expression))]))),
    ...list('foreignKeys', foreignKeys.map(({ name, columns, references, onDelete, onUpdate }) =>
      object([...named(name), pair('columns', names(columns, style)), pair('references', targetCode(references, style)), ...actionItems({ onDelete, onUpdate }, style)]),
    )),
    ...(comment === undefined ? [] : [pair('comment', text(comment))]),
  ]
  return items.length === 0 ? [] : [object(items)]
}

export function indexColumnCode(part: string | IndexDefinition['columns'][number], style: CodeStyle): Code {
  if (typeof part === 'string') return textCode(part, style)
  const order = part.order === undefined || part.order === 'asc' ? [] : [pair('order', textCode(part.order, style))]
  if ('expression' in part) return object([pair('expression', textCode(part.expression, style)), ...order])
  return order.length === 0 ? textCode(part.column, style) : object([pair('column', textCode(part.column, style)), ...order])
}

export function targetCode({ table, columns }: ForeignKeyTarget, style: CodeStyle): List {
  return object([pair('table', textCode(table, style)), pair('columns', names(columns, style))])
}

export function names(columns: readonly string[], style: CodeStyle): List {
  return array(columns.map((column) => textCode(column, style)))
}

export function flag(name: string, value: boolean | undefined): readonly Code[] {
  return value === true ? [pair(name, 'true')] : []
}
