/** The reference of Tidemark's tables, in Markdown, from their declaration; what an index is for stands there as a comment. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  return `${wordsOf(type)}${given?.kind === 'value' ? `, default ${JSON.stringify(given.value)}` : ''}`
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
  const purposes = new Map<string, string>()
  let [table, comment] = ['', '']
  for (const line of readFileSync(join(import.meta.dirname, '../../src/model/schema.ts'), 'utf8').split('\n')) {
    table = /^ {2}(\w+): table\($/.exec(line)?.[1] ?? table
    const said = /^ +\/\/ (.*)$/.exec(line)?.[1]
    if (said !== undefined) comment = said.startsWith('Serves: ') ? said.slice('Serves: '.length) : `${comment} ${said}`
    else {
      for (const [, columns = ''] of line.matchAll(/columns: \[('[^\]]*')\]/g)) {
        const key = `${table}: ${list(columns.split(', ').map((column) => column.slice(1, -1)))}`
        if (comment !== '' && !purposes.has(key)) purposes.set(key, comment)
      }
      if (!/^ +indexes: \[$/.test(line)) comment = ''
    }
  }
  return purposes
}
