/**
 * The scope of a question: which tests (T) and which of their bugs (B) it is about. Analytics, report and drill-down all
 * take it from here, so that the same question means the same rows everywhere (contracts, section 2).
 */
import { sql, type RawBuilder } from 'kysely'
import { executedStatuses } from '../model/test-status.ts'
import type { TimeRange } from '../time/phrase.ts'
import type { SqlContext } from './dimension.ts'
import { testStatus } from './dimensions/test-status.ts'
import { filterCondition, type AskedFilter } from './filter.ts'

export interface ScopeQuestion {
  readonly filters: readonly AskedFilter[]
  /** Of `end_at`; tests without a date are in no range but the open one. */
  readonly range: TimeRange
}

export interface Scope {
  /** A condition on tests called `t`. */
  readonly tests: RawBuilder<boolean>
  /** A condition on bugs called `b`, beside being a bug of such a test. */
  readonly bugs: RawBuilder<boolean>
  /** Nothing was asked to be left out: most tests and bugs of the customer are in it. */
  readonly wide: boolean
}

/** Executed tests only, unless something is asked about the status. */
export function filtersInForce(filters: readonly AskedFilter[]): readonly AskedFilter[] {
  if (filters.some(({ on }) => on.key === testStatus.key)) return filters
  return [{ on: testStatus, excludes: false, values: executedStatuses, withNull: false }, ...filters]
}

export function scopeOf(context: SqlContext, { filters, range }: ScopeQuestion): Scope {
  const { customerId } = context
  const inForce = filtersInForce(filters)
  const demandsOn = (side: 'tests' | 'bugs'): readonly RawBuilder<boolean>[] =>
    inForce.map((filter) => filterCondition(context, filter, side)).filter((condition) => condition !== undefined)
  return {
    tests: both([
      sql`t.customer_id = ${customerId}`,
      sql`t.deleted_at is null`,
      ...(range.from === null ? [] : [sql`t.end_at >= ${range.from}`]),
      ...(range.to === null ? [] : [sql`t.end_at < ${range.to}`]),
      ...demandsOn('tests'),
    ]),
    bugs: both([sql`b.customer_id = ${customerId}`, sql`b.deleted_at is null`, ...demandsOn('bugs')]),
    wide: range.from === null && range.to === null && inForce.every(({ values }) => values === executedStatuses),
  }
}

function both(conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}
