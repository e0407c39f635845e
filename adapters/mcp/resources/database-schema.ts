/** `testio://schema`: the tables of the local copy, from the declaration that migrations are checked against. */
import { schema } from '../../../src/model/schema.ts'
import type { ColumnType } from '../../../src/schema/column.ts'
import { markdownTable } from '../markdown-table.ts'
import type { PageResource } from '../resource.ts'

export const databaseSchema: PageResource = {
  definition: {
    uri: 'testio://schema',
    name: 'schema',
    title: 'Database schema',
    description: 'The tables and columns of the local copy, for programs that read the database themselves. Tools do not need it.',
    mimeType: 'text/markdown',
  },
  read: schemaText,
}

function schemaText(): string {
  const tables = [...schema.tables.values()].map(({ name, comment, columns, primaryKey, foreignKeys }) =>
    [
      `## ${name}`,
      ...(comment === undefined ? [] : [`${comment}.`]),
      markdownTable(
        ['column', 'type', 'null', 'meaning'],
        columns.map((column) => [column.name, typeText(column), column.nullable ? 'yes' : '', column.comment ?? '']),
      ),
      [
        `Primary key: ${(primaryKey?.columns ?? []).join(', ')}.`,
        ...foreignKeys.map(({ columns: own, references }) => `(${own.join(', ')}) refers to ${references.table} (${references.columns.join(', ')}).`),
      ].join(' '),
    ].join('\n\n'),
  )
  return ['# Database schema', 'Every key begins with customer_id: filter by it first. Rows with deleted_at are gone upstream.', ...tables].join('\n\n')
}

function typeText({ type }: { readonly type: ColumnType }): string {
  return type.kind === 'enum' ? type.values.join(' / ') : type.kind
}
