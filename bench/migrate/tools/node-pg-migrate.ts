/** node-pg-migrate: functions over its builder. PostgreSQL only. */
import type { NeutralColumn, Step } from '../history/neutral.ts'
import { literal, slug } from '../write/revision-text.ts'
import { peer } from './peer.ts'

export const nodePgMigrate = peer({
  name: 'node-pg-migrate',
  package: 'node-pg-migrate',
  script: 'node-pg-migrate.mjs',
  dialects: ['postgres'],
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  upgradeArgs: (folder) => ['node_modules/node-pg-migrate/bin/node-pg-migrate.js', 'up', '--migrations-dir', folder, '--database-url-var', 'BENCH_DATABASE'],
  files: (revisions) =>
    revisions.map((revision) => [`${Date.parse(revision.createdAt)}_${slug(revision)}.mjs`, `export const up = (pgm) => {
${revision.up.map(statement).join('\n')}
}

export const down = (pgm) => {
${revision.down.map(statement).join('\n')}
}
`]),
})

function statement(step: Step): string {
  return `  pgm.${words(step)}`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createTable':
      return `createTable('${step.table}', {${step.columns.map((column) => `\n    ${field(column)},`).join('')}\n  })`
    case 'dropTable':
      return `dropTable('${step.table}')`
    case 'addColumn':
      return `addColumn('${step.table}', { ${field(step.column)} })`
    case 'dropColumn':
      return `dropColumn('${step.table}', '${step.column}')`
    case 'createIndex':
      return `createIndex('${step.table}', ${JSON.stringify(step.index.columns)}, { name: '${step.index.name}' })`
    case 'dropIndex':
      return `dropIndex('${step.table}', [], { name: '${step.name}' })`
    case 'statement':
      return `sql(\`${step.sql}\`)`
    default:
      throw new TypeError(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

function field(column: NeutralColumn): string {
  const traits = [
    `type: '${column.type}'`,
    ...(column.primaryKey ? ['primaryKey: true'] : column.nullable ? [] : ['notNull: true']),
    ...(column.default === undefined ? [] : [`default: ${literal(column.default)}`]),
    ...(column.references === undefined ? [] : [`references: '${column.references}'`]),
  ]
  return `${column.name}: { ${traits.join(', ')} }`
}
