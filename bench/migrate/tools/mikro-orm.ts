/** MikroORM: classes that collect SQL, as `mikro-orm migration:create` writes them. */
import type { NeutralRevision, Step } from '../history/neutral.ts'
import { timestamp } from '../write/revision-text.ts'
import { stepSql } from '../write/sql.ts'
import { peer } from './peer.ts'

export const mikroOrm = peer({
  name: 'MikroORM',
  package: '@mikro-orm/core',
  script: 'mikro-orm.mjs',
  dialects: ['sqlite'],
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  compares: ['sqlite'],
  upgradeArgs: (folder) => ['node_modules/@mikro-orm/cli/esm', 'migration:up', '--config', `${folder}/mikro-orm.config.mjs`],
  files: (revisions) => [
    ['mikro-orm.config.mjs', `import { BetterSqliteDriver } from '@mikro-orm/better-sqlite'
import { Migrator } from '@mikro-orm/migrations'

export default {
  driver: BetterSqliteDriver,
  dbName: process.env.BENCH_DATABASE,
  entities: [],
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: import.meta.dirname + '/migrations', glob: '*.mjs', snapshot: false },
}
`],
    ...revisions.map((revision) => [`migrations/${className(revision)}.mjs`, `import { Migration } from '@mikro-orm/migrations'

export class ${className(revision)} extends Migration {
  async up() {
${revision.up.map(statement).join('\n')}
  }

  async down() {
${revision.down.map(statement).join('\n')}
  }
}
`] as const),
  ],
})

function className(revision: NeutralRevision): string {
  return `Migration${timestamp(revision)}`
}

function statement(step: Step): string {
  return `    this.addSql(\`${stepSql(step)}\`)`
}
