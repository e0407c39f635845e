/** How much weight bugs have. */
import { sql } from 'kysely'
import { bugSeverities, severityRank, severityScore as scoreOf } from '../../model/bug-severity.ts'
import type { AdditiveCount } from '../metric.ts'

export const severityScore = {
  key: 'severity_score',
  kind: 'count',
  over: 'bugs',
  additive: true,
  meaning: 'Sum over the bugs: critical 5, high 3, low 1, other kinds 1.',
  example: 'Which features have the heaviest bugs?',
  aggregate: () => sql`sum(case b.severity_rank ${sql.join(bugSeverities.map((word) => sql`when ${sql.lit(severityRank(word))} then ${sql.lit(scoreOf(word))}`), sql` `)} else ${sql.lit(scoreOf(null))} end)`,
} as const satisfies AdditiveCount
