/** A step as SQL that SQLite and PostgreSQL both take, for the tools whose revisions are SQL. */
import type { NeutralColumn, NeutralIndex, Step } from '../history/neutral.ts'

export function stepSql(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `create table ${step.table} (${step.columns.map(columnSql).join(', ')})`
    case 'dropTable':
      return `drop table ${step.table}`
    case 'addColumn':
      return `alter table ${step.table} add column ${columnSql(step.column)}`
    case 'dropColumn':
      return `alter table ${step.table} drop column ${step.column}`
    case 'createIndex':
      return indexSql(step.table, step.index)
    case 'dropIndex':
      return `drop index ${step.name}`
    case 'statement':
      return step.sql
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function columnSql(column: NeutralColumn): string {
  return [
    column.name,
    column.type,
    column.primaryKey ? 'primary key' : column.nullable ? '' : 'not null',
    column.default === undefined ? '' : `default ${typeof column.default === 'number' ? column.default : `'${column.default}'`}`,
    column.references === undefined ? '' : `references ${column.references} (id)`,
  ].filter((part) => part !== '').join(' ')
}

function indexSql(table: string, index: NeutralIndex): string {
  return `create index ${index.name} on ${table} (${index.columns.join(', ')})`
}
