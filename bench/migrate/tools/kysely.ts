/** Kysely's Migrator: functions over its schema builder. */
import type { NeutralColumn, Step } from '../history/neutral.ts'
import { literal, sortedName } from '../write/revision-text.ts'
import { peer } from './peer.ts'

export const kysely = peer({
  name: 'Kysely',
  package: 'kysely',
  script: 'kysely.mjs',
  transactions: { sqlite: 'each statement', postgres: 'all revisions' },
  files: (revisions) =>
    revisions.map((revision) => [`${sortedName(revision)}.mjs`, `import { sql } from 'kysely'

export async function up(db) {
${revision.up.map(statement).join('\n')}
}

export async function down(db) {
${revision.down.map(statement).join('\n')}
}
`]),
})

function statement(step: Step): string {
  return `  await ${words(step)}`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `db.schema.createTable('${step.table}')${step.columns.map((column) => `\n    ${addColumn(column)}`).join('')}\n    .execute()`
    case 'dropTable':
      return `db.schema.dropTable('${step.table}').execute()`
    case 'addColumn':
      return `db.schema.alterTable('${step.table}')${addColumn(step.column)}.execute()`
    case 'dropColumn':
      return `db.schema.alterTable('${step.table}').dropColumn('${step.column}').execute()`
    case 'createIndex':
      return `db.schema.createIndex('${step.index.name}').on('${step.table}').columns(${JSON.stringify(step.index.columns)}).execute()`
    case 'dropIndex':
      return `db.schema.dropIndex('${step.name}').execute()`
    case 'statement':
      return `sql\`${step.sql}\`.execute(db)`
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function addColumn(column: NeutralColumn): string {
  const traits = [
    column.primaryKey ? '.primaryKey()' : column.nullable ? '' : '.notNull()',
    column.default === undefined ? '' : `.defaultTo(${literal(column.default)})`,
    column.references === undefined ? '' : `.references('${column.references}.id')`,
  ].join('')
  return `.addColumn('${column.name}', '${column.type}'${traits === '' ? '' : `, (c) => c${traits}`})`
}
