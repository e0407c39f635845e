/**
 * What engines do inside for the statements of a call, counted and not timed: it shows an index that is gone, rows that are read for
 * nothing and a join that fans out, which statements written by hand on the same tables may suffer from alike. Counts are those of a
 * fresh run of each statement; what a call costs in time is not seen here.
 */
import { bindableParameters } from '../../src/storage/parameter.ts'
import type { Statement, Storage } from '../../src/storage/storage.ts'
import { openOtherSqlite } from '../../test/support/other-sqlite.ts'

/** On both engines the pages that were looked at; on SQLite also the steps of its machine, on PostgreSQL the rows that were visited. */
export type InnerWork = Readonly<Record<string, number>>
export type InnerWorkOf = (statements: readonly Statement[]) => Promise<InnerWork>

/**
 * sql.js does not give SQLite's counters, so another build of SQLite runs the statements.
 *
 * @param file with the same tables, indexes and rows, and without statistics
 */
export async function innerWorkOnSqlite(file: Uint8Array): Promise<InnerWorkOf> {
  const database = await openOtherSqlite(file)
  return async (statements) => {
    const costs = statements.map(({ sql, parameters }) => database.cost(sql, bindableParameters(parameters).map((value) => (typeof value === 'boolean' ? Number(value) : value))))
    return { pages: total(costs.map(({ pages }) => pages)), steps: total(costs.map(({ steps }) => steps)) }
  }
}

/** A node of `explain (analyze, buffers, format json)`. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly PlanNode[]
}

export function innerWorkOnPostgres(storage: Storage): InnerWorkOf {
  return async (statements) => {
    const plans: PlanNode[] = []
    for (const { sql, parameters } of statements) {
      const { rows } = await storage.query<{ readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>({ sql: `explain (analyze, buffers, timing off, format json) ${sql}`, parameters })
      plans.push(...rows.flatMap((row) => row['QUERY PLAN'].map(({ Plan }) => Plan)))
    }
    return { pages: total(plans.map((plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'])), rows: Math.round(total(plans.map(visitedRows))) }
  }
}

/** Rows of tables that were looked at, whether they were wanted or not. */
function visitedRows(node: PlanNode): number {
  const own = node['Relation Name'] === undefined ? 0 : node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return own * node['Actual Loops'] + total((node.Plans ?? []).map(visitedRows))
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
