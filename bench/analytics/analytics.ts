/** Analytics against hand-written statements: see README.md beside this file. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { AnalyticsQuestion } from '../../src/analytics/question.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { comparePair, type Comparison, type MeasureOptions } from '../measure.ts'
import { syncedAccount, type Scale } from '../support/account.ts'
import { countingStorage } from '../support/counting-storage.ts'
import { rawCopy } from '../support/raw-sqlite.ts'
import { handWritten, type AnalyticsOperation } from './hand-written.ts'

export interface AnalyticsFigure extends Comparison {
  readonly engine: string
  readonly operation: string
  /** Target for the p95, in milliseconds (design, section 5). */
  readonly target: number
  readonly statements: number
}

const questions: Readonly<Record<AnalyticsOperation, AnalyticsQuestion>> = {
  'bugs by severity': { metrics: ['bug_count'], dimensions: ['severity'] },
  'bugs by kind': { metrics: ['bug_count'], dimensions: ['kind'] },
  'bugs, rejection rate by month': { metrics: ['bug_count', 'rejection_rate'], dimensions: ['month'] },
  'bugs per test by product': { metrics: ['bugs_per_test'], dimensions: ['product'] },
  'bugs by feature': { metrics: ['bug_count'], dimensions: ['feature'] },
  'bugs by platform': { metrics: ['bug_count'], dimensions: ['platform'] },
  'testers by product': { metrics: ['active_testers'], dimensions: ['product'] },
  'bugs by month and severity': { metrics: ['bug_count'], dimensions: ['month', 'severity'] },
  'bugs by tester and outcome': { metrics: ['bug_count'], dimensions: ['tester', 'outcome'] },
}

const engines = [
  { name: 'sqljs', target: 40, open: () => sqljs() },
  { name: 'pglite', target: 80, open: () => pglite() },
] as const

export async function benchAnalytics(scale: Scale, options: MeasureOptions): Promise<readonly AnalyticsFigure[]> {
  const figures: AnalyticsFigure[] = []
  for (const engine of engines) {
    const storage = countingStorage(await engine.open())
    const { tidemark } = await syncedAccount(storage, scale)
    const reference = await referenceRunner(storage)
    for (const [operation, question] of Object.entries(questions) as [AnalyticsOperation, AnalyticsQuestion][]) {
      storage.takeCount()
      const { rows } = await tidemark.analytics.query(question)
      const statements = storage.takeCount()
      check(operation, question, rows, await reference(operation))
      figures.push({
        engine: engine.name,
        operation,
        target: engine.target,
        statements,
        ...(await comparePair(() => tidemark.analytics.query(question), () => reference(operation), options)),
      })
    }
    await tidemark.close()
  }
  return figures
}

type ReferenceRow = Readonly<Record<string, unknown>>
type Reference = (operation: AnalyticsOperation) => Promise<readonly ReferenceRow[]>

async function referenceRunner(storage: Storage): Promise<Reference> {
  const statements = handWritten(storage.dialect)
  if (storage.dialect === 'postgres') return async (operation) => (await storage.query({ sql: statements[operation] })).rows
  const raw = await rawCopy(storage)
  const prepared = new Map(Object.entries(statements).map(([operation, sql]) => [operation, raw.prepare(sql)]))
  return async (operation) => {
    const statement = prepared.get(operation)
    if (statement === undefined) throw new Error(`no statement for ${operation}`)
    const rows: ReferenceRow[] = []
    while (statement.step()) rows.push(statement.getAsObject())
    statement.reset()
    return rows
  }
}

/** Both have the same rows with the same values; only where figures are equal may their order differ. */
function check(operation: string, { metrics, dimensions = [] }: AnalyticsQuestion, ours: readonly object[], reference: readonly ReferenceRow[]): void {
  const texts = (rows: readonly object[]): readonly string[] =>
    rows.map((row) => JSON.stringify([...dimensions, ...metrics].map((key) => (row as ReferenceRow)[key]).map((value) => (typeof value === 'number' ? value.toPrecision(12) : value)))).toSorted()
  if (ours.length === 0 || texts(ours).join('\n') !== texts(reference).join('\n')) throw new Error(`${operation}: the library and the hand-written statement disagree`)
}
