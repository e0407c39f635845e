/**
 * What every page about something with bugs says of them: counts, rates and the newest three, in three statements however
 * many there are. Bugs that are gone upstream are not among them.
 */
import { sql, type RawBuilder } from 'kysely'
import { bugRates } from '../model/bug-rates.ts'
import { bugColumns, toBugItem, type BugRow } from './bugs.ts'
import type { QueryContext } from './context.ts'
import type { BugFigures, BugOutcome, BugSeverity } from './items.ts'

type Scope = RawBuilder<boolean>

/** @param scope a condition on the bugs, which are called `b` */
export async function bugFigures(context: QueryContext, scope: Scope): Promise<BugFigures> {
  return { ...(await countedBugs(context, scope)), bugsByPlatform: await bugsByPlatform(context, scope), newestBugs: await newestBugs(context, scope) }
}

async function countedBugs(context: QueryContext, scope: Scope): Promise<Omit<BugFigures, 'bugsByPlatform' | 'newestBugs'>> {
  const { rows } = await sql<{ readonly outcome: BugOutcome; readonly severity: BugSeverity | null; readonly kind: string; readonly bugs: number; readonly known_bugs: number }>`
    select b.outcome, b.severity, b.kind, count(*) as bugs, count(case when b.known then 1 end) as known_bugs
    from bugs as b
    where ${living(context, scope)}
    group by b.outcome, b.severity, b.kind`.execute(context.db)
  const sum = (matches: (row: (typeof rows)[number]) => boolean): number => rows.filter(matches).reduce((total, row) => total + row.bugs, 0)
  const outcome = (word: BugOutcome): number => sum((row) => row.outcome === word)
  const severity = (word: BugSeverity): number => sum((row) => row.severity === word)
  const bugs = {
    total: sum(() => true), open: outcome('open'), accepted: outcome('accepted'), autoAccepted: outcome('auto_accepted'), rejected: outcome('rejected'), other: outcome('other'),
  }
  const kinds = [...new Set(rows.map(({ kind }) => kind))].map((kind) => ({ kind, count: sum((row) => row.kind === kind) }))
  return {
    bugs,
    rates: bugRates(bugs),
    knownBugCount: rows.reduce((total, row) => total + row.known_bugs, 0),
    bugsBySeverity: { critical: severity('critical'), high: severity('high'), low: severity('low') },
    bugsByKind: kinds.toSorted((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1)),
  }
}

async function bugsByPlatform(context: QueryContext, scope: Scope): Promise<BugFigures['bugsByPlatform']> {
  const { rows } = await sql<{ readonly platform: string | null; readonly count: number }>`
    select d.operating_system as platform, count(distinct b.id) as count
    from bugs as b
    left join bug_devices as d on d.customer_id = b.customer_id and d.bug_id = b.id
    where ${living(context, scope)}
    group by d.operating_system`.execute(context.db)
  return rows.toSorted((a, b) => b.count - a.count || ((a.platform ?? '\uffff') < (b.platform ?? '\uffff') ? -1 : 1))
}

async function newestBugs(context: QueryContext, scope: Scope): Promise<BugFigures['newestBugs']> {
  const { rows } = await sql<BugRow>`
    select ${bugColumns} from bugs as b where ${living(context, scope)} order by b.reported_at desc nulls last, b.id limit 3`.execute(context.db)
  return rows.map(toBugItem)
}

function living({ customerId }: QueryContext, scope: Scope): Scope {
  return sql<boolean>`b.customer_id = ${customerId} and b.deleted_at is null and ${scope}`
}
