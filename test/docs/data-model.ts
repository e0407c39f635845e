/** The reference of Tidemark's tables, in Markdown, from their declaration; what an index is for stands there as a comment. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { markdownTable } from '../../adapters/mcp/markdown-table.ts'
import { schema } from '../../src/model/schema.ts'
import type { ColumnType } from '../../src/schema/column.ts'
import type { IndexDefinition, KeyDefinition, NamedColumn, TableDefinition } from '../../src/schema/table.ts'

/** An entity–relationship diagram for Mermaid: tables with their keys, less the customer that is in each; those without relations are named below it. */
export function diagram(): string {
  const tables = [...schema.tables.values()]
  const related = new Set(tables.flatMap(({ name, foreignKeys }) => foreignKeys.flatMap(({ references }) => [name, references.table])))
  const alone = tables.filter(({ name }) => !related.has(name)).map(({ name }) => `[${name}](#${name})`)
  const entities = tables.filter(({ name }) => related.has(name)).map((table) => {
    const keys = table.columns.flatMap(({ name, type }) => {
      const marks = [...(table.primaryKey?.columns.includes(name) ? ['PK'] : []), ...(table.foreignKeys.some(({ columns }) => columns.includes(name)) ? ['FK'] : [])]
      return name === tenant || marks.length === 0 ? [] : [`    ${type.kind} ${name} ${marks.join(', ')}`]
    })
    return `  ${table.name} {\n${keys.join('\n')}\n  }`
  })
  const relations = tables.flatMap((table) => table.foreignKeys.map(({ columns, references }) => {
    const optional = table.columns.some(({ name, nullable }) => columns.includes(name) && nullable)
    return `  ${references.table} ${optional ? '|o' : '||'}--o{ ${table.name} : "${ownColumns({ columns }).join(', ')}"`
  }))
  return `\`\`\`mermaid\nerDiagram\n${[...entities, ...relations].join('\n')}\n\`\`\`\n\nWithout a foreign key, in either direction: ${alone.join(', ')}.`
}

/** A section for each table. */
export function tableSections(): string {
  const purposes = indexPurposes()
  return [...schema.tables.values()].map((table) => {
    const columns = markdownTable(['column', 'type', 'null', 'meaning'], table.columns.map((column) => [
      `\`${column.name}\``, typeOf(column), column.nullable ? 'yes' : '', column.comment ?? '',
    ]))
    return `### ${table.name}\n\n${table.comment}.\n\n${columns}\n\n${[...keysOf(table), ...table.indexes.map((index) => `- Index ${indexed(index)}: ${purposeOf(index, table, purposes)}`)].join('\n')}`
  }).join('\n\n')
}

const tenant = 'customer_id'

function keysOf(table: TableDefinition): readonly string[] {
  return [
    `- Primary key ${list(table.primaryKey?.columns ?? [])}`,
    ...table.uniques.map(({ columns }) => `- Unique ${list(columns)}`),
    ...table.foreignKeys.map(({ columns, references, onDelete }) => `- ${list(columns)} refers to [${references.table}](#${references.table})${onDelete === 'cascade' ? ', and goes with it' : ''}`),
    ...table.checks.map(({ name, enumOf, expression }) => `- Check \`${name}\`: ${enumOf === undefined ? `\`${expression}\`` : `\`${enumOf}\` is one of its words`}`),
  ]
}

/** The columns that tell rows of one customer apart. */
function ownColumns({ columns }: Pick<KeyDefinition, 'columns'>): readonly string[] {
  return columns.filter((column) => column !== tenant)
}

function typeOf({ type, default: given }: NamedColumn): string {
  if (given === undefined) return wordsOf(type)
  return `${wordsOf(type)}, default ${given.kind === 'value' ? JSON.stringify(given.value) : given.kind === 'now' ? 'the moment' : `\`${given.sql}\``}`
}

function wordsOf(type: ColumnType): string {
  return type.kind === 'enum' ? type.values.map((value) => `\`${value}\``).join(' ') : type.kind
}

function list(columns: readonly string[]): string {
  return columns.map((column) => `\`${column}\``).join(', ')
}

function indexed({ columns }: IndexDefinition): string {
  return list(columns.map((part) => ('column' in part ? part.column : part.expression)))
}

function purposeOf(index: IndexDefinition, table: TableDefinition, purposes: ReadonlyMap<string, string>): string {
  const purpose = purposes.get(`${table.name}: ${indexed(index)}`)
  if (purpose === undefined) throw new RangeError(`src/model/schema.ts does not say what index ${index.name} serves`)
  return purpose
}

/** By table and columns: the text behind "Serves:" above an index, or above several in one line. */
function indexPurposes(): ReadonlyMap<string, string> {
  const text = readFileSync(join(import.meta.dirname, '../../src/model/schema.ts'), 'utf8')
  const purposes = new Map<string, string>()
  const visit = (node: ts.Node, table: string): void => {
    const name = ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) ? node.name.text : ''
    if (ts.isPropertyAssignment(node) && name === 'indexes' && ts.isArrayLiteralExpression(node.initializer)) {
      let purpose = servesAbove(node, text)
      for (const index of node.initializer.elements) {
        const isOnSameLine = !/^\s*\n/.test(text.slice(index.pos))
        purpose = servesAbove(index, text) ?? (isOnSameLine ? purpose : undefined)
        if (purpose !== undefined) purposes.set(`${table}: ${list(columnsIn(index))}`, purpose)
      }
    }
    const inside = ts.isPropertyAssignment(node) && schema.tables.has(name) ? name : table
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(ts.createSourceFile('schema.ts', text, ts.ScriptTarget.ES2022, false), '')
  return purposes
}

function servesAbove(node: ts.Node, text: string): string | undefined {
  const comment = (ts.getLeadingCommentRanges(text, node.pos) ?? []).map(({ pos, end }) => text.slice(pos, end).replace(/^\/\/ */, '')).join(' ')
  return comment.startsWith('Serves: ') ? comment.slice('Serves: '.length) : undefined
}

function columnsIn(index: ts.Expression): readonly string[] {
  if (!ts.isObjectLiteralExpression(index)) return []
  return index.properties.flatMap((property) => (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name) && property.name.text === 'columns' && ts.isArrayLiteralExpression(property.initializer)
    ? property.initializer.elements.filter(ts.isStringLiteral).map((column) => column.text)
    : []))
}
