/** TypeORM: classes that run SQL, as `typeorm migration:generate` writes them. */
import type { NeutralRevision, Step } from '../history/neutral.ts'
import { sortedName } from '../write/revision-text.ts'
import { stepSql } from '../write/sql.ts'
import { peer } from './peer.ts'

export const typeorm = peer({
  name: 'TypeORM',
  package: 'typeorm',
  script: 'typeorm.mjs',
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  rebuilds: [{ place: 'file' }],
  compares: ['sqlite'],
  upgradeArgs: (folder) => ['node_modules/typeorm/cli.js', 'migration:run', '-d', `${folder}/data-source.mjs`],
  files: (revisions, dialect) => [
    ['data-source.mjs', `import { DataSource } from 'typeorm'

export default new DataSource({
  ${dialect === 'sqlite' ? `type: 'better-sqlite3', database: process.env.BENCH_DATABASE` : `type: 'postgres', url: process.env.BENCH_DATABASE`},
  migrations: [import.meta.dirname + '/migrations/*.mjs'],
})
`],
    ...revisions.map((revision) => [`migrations/${sortedName(revision)}.mjs`, `export class ${className(revision)} {
  name = '${className(revision)}'

  async up(queryRunner) {
${revision.up.map(statement).join('\n')}
  }

  async down(queryRunner) {
${revision.down.map(statement).join('\n')}
  }
}
`] as const),
  ],
})

/** It sorts by the 13 digits at the end. */
function className(revision: NeutralRevision): string {
  return `M${revision.number}${Date.parse(revision.createdAt)}`
}

function statement(step: Step): string {
  return `    await queryRunner.query(\`${stepSql(step)}\`)`
}
