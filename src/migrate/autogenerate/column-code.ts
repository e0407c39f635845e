/** Columns as builder chains: `c.text({ length: 255 }).notNull().unique()`. */
import type { ColumnDefault, ColumnDefinition, ColumnType, ReferenceOptions } from '../../schema/column.ts'
import { type Call, type Chain, type Code, array, call, object, pair } from './code-layout.ts'
import { textCode, valueCode } from './code-literal.ts'
import type { CodeStyle } from './code-style.ts'

export function columnCode(column: ColumnDefinition, style: CodeStyle): Chain {
  const { references, generated, comment } = column
  return {
    shape: 'chain',
    calls: [
      typeCode(column.type, style),
      // A primary key is not null by itself.
      ...(column.primaryKey ? [call('primaryKey')] : column.nullable ? [] : [call('notNull')]),
      ...(column.unique ? [call('unique')] : []),
      ...(references ? [call('references', [textCode(references.table, style), textCode(references.column, style), ...optionsCode(actionItems(references, style))])] : []),
      ...(column.default ? [defaultCode(column.default, style)] : []),
      ...(generated ? [call('generated', [textCode(generated.expression, style), ...(generated.stored ? [] : [object([pair('stored', 'false')])])])] : []),
      ...(comment === undefined ? [] : [call('comment', [textCode(comment, style)])]),
    ],
  }
}

/** `c.text({ length: 255 })` */
export function typeCode(type: ColumnType, style: CodeStyle): Call {
  switch (type.kind) {
    case 'numeric':
      return call('c.numeric', type.precision === undefined ? [] : [type.precision, ...(type.scale === undefined ? [] : [type.scale])].map(String))
    case 'text':
      return call('c.text', type.length === undefined ? [] : [object([pair('length', String(type.length))])])
    case 'enum':
      return call('c.enum', [array(type.values.map((value) => textCode(value, style))), ...(type.name === undefined ? [] : [object([pair('name', textCode(type.name, style))])])])
    default:
      return call(`c.${type.kind}`)
  }
}

/** `onDelete: 'cascade'`, where it is more than the standard. */
export function actionItems({ onDelete, onUpdate }: ReferenceOptions, style: CodeStyle): readonly Code[] {
  return [
    ...(onDelete === undefined || onDelete === 'no action' ? [] : [pair('onDelete', textCode(onDelete, style))]),
    ...(onUpdate === undefined || onUpdate === 'no action' ? [] : [pair('onUpdate', textCode(onUpdate, style))]),
  ]
}

/** Options as the last argument of a call; none where they are empty. */
export function optionsCode(items: readonly Code[]): readonly Code[] {
  return items.length === 0 ? [] : [object(items)]
}

function defaultCode(value: ColumnDefault, style: CodeStyle): Call {
  if (value.kind === 'now') return call('defaultNow')
  return value.kind === 'sql' ? call('defaultSql', [textCode(value.sql, style)]) : call('default', [valueCode(value.value, style)])
}
