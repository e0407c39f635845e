/** NOT NULL that reads all rows, while nobody can read or write the table; a check that says the same spares it. */
import { normalPostgresExpression } from '../../../storage/postgres/expression-text.ts'
import { costSeverity, rule, sized } from '../rule.ts'
import { quoteIdentifier } from '../../../schema/identifier.ts'

export const setNotNullScans = rule({
  id: 'set-not-null-scans',
  dialect: 'postgres',
  looksAt: ['alterColumn'],
  check({ table: name, column, change }, { trail }) {
    const table = trail.table(name)
    const severity = costSeverity(table)
    if (change.nullable !== false || severity === undefined) return undefined
    const proof = normalPostgresExpression(`${quoteIdentifier(column)} is not null`, new Set())
    if (table.checks.some((check) => normalPostgresExpression(check, new Set()) === proof)) return undefined
    return {
      severity,
      why: `To set column "${column}" not null all rows are read, and meanwhile nobody can read or write ${sized(table)}.`,
      safer: 'Add a check `… is not null` as NOT VALID, validate it in a later revision, and set NOT NULL after that: PostgreSQL then reads nothing.',
    }
  },
})
