/**
 * What every page about something with bugs says of them: counts, rates and the newest three, in three statements however
 * many there are. Bugs that are gone upstream are not among them.
 */
import { sql, type RawBuilder } from 'kysely'
import { bugRates } from '../model/bug-rates.ts'
import { jsonTexts } from '../storage/json-texts.ts'
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
    with ${scoped(context, scope, [sql`b.operating_systems`])}
    select platform.value as platform, count(*) as count
    from scoped left join ${jsonTexts(context.storage.dialect, sql`scoped.operating_systems`, 'platform')} on true
    group by platform.value`.execute(context.db)
  return rows.toSorted((a, b) => b.count - a.count || ((a.platform ?? '\uffff') < (b.platform ?? '\uffff') ? -1 : 1))
}

async function newestBugs(context: QueryContext, scope: Scope): Promise<BugFigures['newestBugs']> {
  const { rows } = await sql<BugRow>`
    with ${scoped(context, scope)},
    newest as materialized (select id, reported_at from scoped order by reported_at desc nulls last, id limit 3)
    select ${bugColumns} from newest join bugs as b on b.customer_id = ${context.customerId} and b.id = newest.id
    order by newest.reported_at desc nulls last, newest.id`.execute(context.db)
  return rows.map(toBugItem)
}

/**
 * The bugs of the scope, found by what the scope is about. Left to itself, SQLite walks through all bugs of the customer in
 * the order that is asked for, or in an index that has everything that is read; so it gets no order, and reads the status.
 */
function scoped(context: QueryContext, scope: Scope, more: readonly RawBuilder<unknown>[] = []): RawBuilder<unknown> {
  return sql`scoped as materialized (select ${sql.join([sql`b.id`, sql`b.reported_at`, sql`b.status`, ...more])} from bugs as b where ${living(context, scope)})`
}

function living({ customerId }: QueryContext, scope: Scope): Scope {
  return sql<boolean>`b.customer_id = ${customerId} and b.deleted_at is null and ${scope}`
}
