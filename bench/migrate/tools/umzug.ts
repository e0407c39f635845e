/** umzug: a runner alone; revisions are functions over whatever it is given, here an object that runs SQL. */
import type { Step } from '../history/neutral.ts'
import { sortedName } from '../write/revision-text.ts'
import { stepSql } from '../write/sql.ts'
import { peer } from './peer.ts'

export const umzug = peer({
  name: 'umzug',
  package: 'umzug',
  script: 'umzug.mjs',
  transactions: { sqlite: 'each statement', postgres: 'each statement' },
  files: (revisions) =>
    revisions.map((revision) => [`${sortedName(revision)}.mjs`, `export async function up({ context }) {
${revision.up.map(statement).join('\n')}
}

export async function down({ context }) {
${revision.down.map(statement).join('\n')}
}
`]),
})

function statement(step: Step): string {
  return `  await context.run(\`${stepSql(step)}\`)`
}
