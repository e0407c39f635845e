/** The severity of a functional bug. Sorted by rank, since the words sort otherwise. */
import { sql, type RawBuilder } from 'kysely'
import { bugSeverities, severityRank } from '../../model/bug-severity.ts'
import type { BugSeverity } from '../../repositories/items.ts'
import type { Dimension } from '../dimension.ts'

export const severity = {
  key: 'severity',
  valueType: 'text',
  nullable: true,
  values: bugSeverities,
  meaning: 'How bad a functional bug is; null for the other kinds.',
  example: 'critical',
  // Made from the rank, which stands in the index that leads from a test to its bugs.
  onBugs: {
    many: false,
    columns: () => ({ value: sql`case b.severity_rank ${sql.join(bugSeverities.map((word) => sql`when ${rankOf(word)} then ${sql.lit(word)}`), sql` `)} end` }),
    cases: [
      ...bugSeverities.map((word) => ({ value: word, when: sql`b.severity_rank = ${rankOf(word)}` })),
      { value: null, when: sql`b.severity_rank not in (${sql.join(bugSeverities.map(rankOf))})` },
    ],
  },
  rank: (value) => sql`case ${value} ${sql.join(bugSeverities.map((word) => sql`when ${sql.lit(word)} then ${rankOf(word)}`), sql` `)} end`,
} as const satisfies Dimension

function rankOf(word: BugSeverity): RawBuilder<number> {
  return sql.lit(severityRank(word))
}
