/** Knex: functions over its schema builder. */
import type { NeutralColumn, Step } from '../history/neutral.ts'
import { literal, sortedName } from '../write/revision-text.ts'
import { peer } from './peer.ts'

export const knex = peer({
  name: 'Knex',
  package: 'knex',
  script: 'knex.mjs',
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  rebuilds: [{ place: 'file' }],
  upgradeArgs: (folder) => ['node_modules/knex/bin/cli.js', 'migrate:latest', '--knexfile', `${folder}/knexfile.mjs`],
  files: (revisions, dialect) => [
    ['knexfile.mjs', `export default {
  ${dialect === 'sqlite' ? `client: 'better-sqlite3', connection: { filename: process.env.BENCH_DATABASE }, useNullAsDefault: true` : `client: 'pg', connection: process.env.BENCH_DATABASE`},
  migrations: { directory: 'migrations', loadExtensions: ['.mjs'] },
}
`],
    ...revisions.map((revision) => [`migrations/${sortedName(revision)}.mjs`, `export async function up(knex) {
${revision.up.map(statement).join('\n')}
}

export async function down(knex) {
${revision.down.map(statement).join('\n')}
}
`] as const),
  ],
})

function statement(step: Step): string {
  return `  await ${words(step)}`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `knex.schema.createTable('${step.table}', (table) => {${step.columns.map((column) => `\n    ${addColumn(column)}`).join('')}\n  })`
    case 'dropTable':
      return `knex.schema.dropTable('${step.table}')`
    case 'addColumn':
      return alterTable(step.table, addColumn(step.column))
    case 'dropColumn':
      return alterTable(step.table, `table.dropColumn('${step.column}')`)
    case 'createIndex':
      return alterTable(step.table, `table.index(${JSON.stringify(step.index.columns)}, '${step.index.name}')`)
    case 'dropIndex':
      return alterTable(step.table, `table.dropIndex([], '${step.name}')`)
    case 'statement':
      return `knex.raw(\`${step.sql}\`)`
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function alterTable(table: string, change: string): string {
  return `knex.schema.alterTable('${table}', (table) => { ${change} })`
}

function addColumn(column: NeutralColumn): string {
  return [
    `table.${column.type}('${column.name}')`,
    column.primaryKey ? '.primary()' : column.nullable ? '' : '.notNullable()',
    column.default === undefined ? '' : `.defaultTo(${literal(column.default)})`,
    column.references === undefined ? '' : `.references('id').inTable('${column.references}')`,
  ].join('')
}
