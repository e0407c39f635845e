/** Operations as the calls of a revision that make them again, one statement each. */
import type { NamingConvention } from '../../schema/table.ts'
import type { ColumnChange, Operation, TableOperation } from '../operation.ts'
import { type Call, type Code, type List, array, call, layOut, object, pair } from './code-layout.ts'
import { textCode, valueCode } from './code-literal.ts'
import type { CodeStyle } from './code-style.ts'
import { actionItems, columnCode, optionsCode, typeCode } from './column-code.ts'
import { declarationOf } from './declaration.ts'
import { columnsCode, constraintsCode, flag, indexColumnCode, names, targetCode } from './table-code.ts'

export interface OperationCodeOptions {
  readonly naming: NamingConvention
  readonly style: CodeStyle
  /** What is said above an operation. */
  readonly remarks: ReadonlyMap<Operation, string>
}

const width = 120

/** The lines of a function's body. */
export function operationsCode(operations: readonly Operation[], options: OperationCodeOptions, level: number): string {
  return operations.map((operation) => statementCode(operation, options, level)).join('')
}

/** True when the code of one of the operations builds columns. */
export function usesBuilders(operation: Operation): boolean {
  switch (operation.kind) {
    case 'createTable':
    case 'addColumn':
      return true
    case 'alterColumn':
      return operation.change.type !== undefined
    case 'batch':
      return operation.operations.some(usesBuilders)
    default:
      return false
  }
}

function statementCode(operation: Operation, options: OperationCodeOptions, level: number): string {
  const { style, remarks } = options
  const indent = style.indent.repeat(level)
  const end = style.semicolons ? ';' : ''
  const remark = remarkCode(remarks.get(operation), indent)
  if (operation.kind === 'batch') {
    const inner = operation.operations.map((change) => tableStatementCode(change, options, level + 1)).join('')
    return `${remark}${indent}await op.batch(${textCode(operation.table, style)}, async (t) => {\n${inner}${indent}})${end}\n`
  }
  return `${remark}${indent}await ${layOut(callOf(operation, options), { indent: style.indent, width }, level, 'await '.length, end.length)}${end}\n`
}

function tableStatementCode(change: TableOperation, { style, remarks }: OperationCodeOptions, level: number): string {
  const indent = style.indent.repeat(level)
  const end = style.semicolons ? ';' : ''
  const code = tableCall(change, 't', style)
  return `${remarkCode(remarks.get(change), indent)}${indent}await ${layOut(code, { indent: style.indent, width }, level, 'await '.length, end.length)}${end}\n`
}

function callOf(operation: Exclude<Operation, { kind: 'batch' }>, { naming, style }: OperationCodeOptions): Call {
  const text = (value: string): string => textCode(value, style)
  switch (operation.kind) {
    case 'createTable': {
      const { columns, constraints } = declarationOf(operation.table, naming)
      return call('op.createTable', [text(operation.table.name), columnsCode(columns, style), ...constraintsCode(constraints, style)])
    }
    case 'dropTable':
      return call('op.dropTable', [text(operation.table)])
    case 'renameTable':
      return call('op.renameTable', [text(operation.from), text(operation.to)])
    case 'createEnum':
      return call('op.createEnum', [text(operation.name), array(operation.values.map(text))])
    case 'alterEnum': {
      const { add, before, after } = operation.change
      const place = before !== undefined ? [pair('before', text(before))] : after !== undefined ? [pair('after', text(after))] : []
      return call('op.alterEnum', [text(operation.name), object([pair('add', text(add)), ...place])])
    }
    case 'dropEnum':
      return call('op.dropEnum', [text(operation.name)])
    case 'execute': {
      const { sql, parameters = [] } = operation.statement
      return call('op.execute', [text(sql), ...(parameters.length === 0 ? [] : [array(parameters.map((value) => valueCode(value, style)))])])
    }
    case 'insert':
      return call('op.insert', [text(operation.table), array(operation.rows.map((row) => valueCode({ ...row }, style)))])
    case 'updateInBatches': {
      const { set, where, key, size } = operation
      const options = { set, where, key, size }
      return call('op.updateInBatches', [text(operation.table), valueCode(options, style)])
    }
    default:
      return tableCall(operation, 'op', style)
  }
}

/** The same call on `op`, where the table is an argument, or on the `t` of a batch. */
function tableCall(change: TableOperation, receiver: 'op' | 't', style: CodeStyle): Call {
  const text = (value: string): string => textCode(value, style)
  const table = receiver === 'op' ? [text(change.table)] : []
  const make = (subject: string, ...rest: readonly Code[]): Call => call(`${receiver}.${change.kind}`, [...table, text(subject), ...rest])
  const makeNamed = (name: string, ...rest: readonly Code[]): Call => call(`${receiver}.${change.kind}`, [text(name), ...table, ...rest])
  switch (change.kind) {
    case 'addColumn':
      return make(change.column.name, columnCode(change.column, style))
    case 'dropColumn':
      return make(change.column)
    case 'alterColumn':
      return make(change.column, alterCode(change.change, style))
    case 'setTableComment':
      return call(`${receiver}.setTableComment`, [...table, valueCode(change.comment, style)])
    case 'setColumnComment':
      return make(change.column, valueCode(change.comment, style))
    case 'createIndex': {
      const { name, columns, unique, where } = change.index
      const options = [...flag('unique', unique), ...(where === undefined ? [] : [pair('where', text(where))]), ...flag('concurrently', change.concurrently)]
      return makeNamed(name, array(columns.map((part) => indexColumnCode(part, style))), ...optionsCode(options))
    }
    case 'dropIndex':
      return makeNamed(change.name, ...optionsCode(flag('concurrently', change.concurrently)))
    case 'createPrimaryKey':
      return makeNamed(change.primaryKey.name, names(change.primaryKey.columns, style))
    case 'createUnique':
      return makeNamed(change.unique.name, names(change.unique.columns, style))
    case 'createForeignKey': {
      const { name, columns, references } = change.foreignKey
      return makeNamed(name, names(columns, style), targetCode(references, style), ...optionsCode([...actionItems(change.foreignKey, style), ...flag('notValid', change.notValid)]))
    }
    case 'createCheck':
      return makeNamed(change.check.name, text(change.check.expression))
    case 'dropConstraint':
      return makeNamed(change.name, ...(change.constraint === undefined ? [] : [text(change.constraint)]))
    default:
      throw new TypeError(`unknown operation ${JSON.stringify(change satisfies never)}`)
  }
}

function alterCode({ name, type, nullable, default: value, using, comment }: ColumnChange, style: CodeStyle): List {
  const defaultCode = (): Code => {
    if (value === null || value === undefined) return 'null'
    if (value.kind === 'now') return object([pair('now', 'true')])
    return value.kind === 'sql' ? object([pair('sql', textCode(value.sql, style))]) : valueCode(value.value, style)
  }
  return object([
    ...(name === undefined ? [] : [pair('name', textCode(name, style))]),
    ...(type === undefined ? [] : [pair('type', typeCode(type, style))]),
    ...(nullable === undefined ? [] : [pair('nullable', String(nullable))]),
    ...(value === undefined ? [] : [pair('default', defaultCode())]),
    ...(using === undefined ? [] : [pair('using', textCode(using, style))]),
    ...(comment === undefined ? [] : [pair('comment', valueCode(comment, style))]),
  ])
}

/** A comment of as many lines as it needs. */
export function remarkCode(remark: string | undefined, indent: string): string {
  if (remark === undefined) return ''
  const lines: string[] = []
  for (const word of remark.replace(/\s+/g, ' ').split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && indent.length + last.length + word.length + 1 <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`// ${word}`)
  }
  return lines.map((line) => `${indent}${line}\n`).join('')
}
