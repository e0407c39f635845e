/** Drizzle: SQL files and a journal, as `drizzle-kit generate` writes them. */
import { stepSql } from '../write/sql.ts'
import { sortedName } from '../write/revision-text.ts'
import { peer } from './peer.ts'

export const drizzle = peer({
  name: 'Drizzle',
  package: 'drizzle-orm',
  script: 'drizzle.mjs',
  transactions: { sqlite: 'all revisions', postgres: 'all revisions' },
  rebuilds: [{ place: 'file' }],
  compares: ['sqlite'],
  upgradeArgs: (folder) => ['node_modules/drizzle-kit/bin.cjs', 'migrate', '--config', `${folder}/drizzle.config.mjs`],
  files: (revisions, dialect, folder) => [
    ['drizzle.config.mjs', `export default {
  dialect: '${dialect === 'sqlite' ? 'sqlite' : 'postgresql'}',
  out: '${folder}/migrations',
  dbCredentials: { url: process.env.BENCH_DATABASE },
}
`],
    ['migrations/meta/_journal.json', JSON.stringify({
      version: '7',
      dialect: dialect === 'sqlite' ? 'sqlite' : 'postgresql',
      entries: revisions.map((revision, idx) => ({ idx, version: dialect === 'sqlite' ? '6' : '7', when: Date.parse(revision.createdAt), tag: sortedName(revision), breakpoints: true })),
    })],
    ...revisions.map((revision) => [`migrations/${sortedName(revision)}.sql`, revision.up.map((step) => `${stepSql(step)};`).join('\n--> statement-breakpoint\n')] as const),
  ],
})
