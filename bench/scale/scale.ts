/** How lists and analytics grow with the account: see README.md beside this file. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { percentiles, time, type MeasureOptions, type Percentiles } from '../measure.ts'
import { syncedAccount, type Scale } from '../support/account.ts'
import { keepTenth, tenfold, type Growth } from './multiply.ts'

export interface GrowthFigure {
  readonly engine: string
  /** What there was ten times as much of, each time. */
  readonly of: Growth
  readonly operation: string
  /** What the growth may be. */
  readonly allowed: 'flat' | 'linear' | null
  /** From the smallest account to the largest. */
  readonly sizes: readonly SizeFigure[]
  /** The p95 of the largest over that of the one before. */
  readonly growth: number
  /** Of the medians from the one before to the largest: 0 does not grow, 1 grows as the account. */
  readonly exponent: number
}

export interface SizeFigure extends Percentiles {
  readonly bugs: number
}

interface Operation {
  readonly operation: string
  readonly kind: 'list' | 'aggregate'
  /** Of what there can be more without its rows saying more of it; aggregates read it all. */
  readonly flatIn: readonly Growth[]
  run(tidemark: Tidemark): Promise<unknown>
}

const operations: readonly Operation[] = [
  { operation: 'products.list', kind: 'list', flatIn: ['products'], run: (tidemark) => tidemark.products.list() },
  { operation: 'tests.list, 50 rows', kind: 'list', flatIn: ['products', 'tests'], run: (tidemark) => tidemark.tests.list({ limit: 50 }) },
  { operation: 'tests.list, 50 rows with bug counts', kind: 'list', flatIn: ['products', 'tests'], run: (tidemark) => tidemark.tests.list({ limit: 50, includeBugCounts: true }) },
  { operation: 'bugs.list, 50 rows', kind: 'list', flatIn: ['products', 'tests'], run: (tidemark) => tidemark.bugs.list({ limit: 50 }) },
  { operation: 'users.list', kind: 'list', flatIn: [], run: (tidemark) => tidemark.users.list() },
  { operation: 'bugs by month and severity', kind: 'aggregate', flatIn: [], run: (tidemark) => tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['month', 'severity'] }) },
  { operation: 'bugs by kind', kind: 'aggregate', flatIn: [], run: (tidemark) => tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['kind'] }) },
  { operation: 'testers by product', kind: 'aggregate', flatIn: [], run: (tidemark) => tidemark.analytics.query({ metrics: ['active_testers'], dimensions: ['product'] }) },
]

const engines = [
  { name: 'sqljs', open: () => sqljs() },
  { name: 'pglite', open: () => pglite() },
] as const

/** @param only the engine; default both */
export async function benchScale(scale: Scale, options: MeasureOptions, only?: string): Promise<readonly GrowthFigure[]> {
  const figures: GrowthFigure[] = []
  for (const { name, open } of engines.filter((engine) => only === undefined || engine.name === only)) {
    for (const of of ['products', 'tests'] as const) {
      const { tidemark } = await syncedAccount(await open(), scale)
      await keepTenth(tidemark.storage)
      const small = await measureAll(tidemark, options)
      await tenfold(tidemark.storage, of)
      const middle = await measureAll(tidemark, options)
      await tenfold(tidemark.storage, of)
      const large = await measureAll(tidemark, options)
      await tidemark.close()
      for (const { operation, kind, flatIn } of operations) {
        const [s, m, l] = [small, middle, large].map((sizes) => sizes.get(operation))
        if (s === undefined || m === undefined || l === undefined) throw new Error(`${operation} was not measured`)
        const allowed = kind === 'aggregate' ? 'linear' : flatIn.includes(of) ? 'flat' : null
        figures.push({ engine: name, of, operation, allowed, sizes: [s, m, l], growth: l.p95 / m.p95, exponent: Math.log(l.p50 / m.p50) / Math.log(l.bugs / m.bugs) })
      }
    }
  }
  return figures
}

async function measureAll(tidemark: Tidemark, { warmUp, samples }: MeasureOptions): Promise<ReadonlyMap<string, SizeFigure>> {
  const { rows } = await tidemark.storage.query<{ bugs: number }>({ sql: 'select count(*) as bugs from bugs' })
  const bugs = Number(rows[0]?.bugs)
  const { totals } = await tidemark.analytics.query({ metrics: ['bug_count'], filters: { test_status: { not: 'none of these' } } })
  if (totals.bug_count !== bugs) throw new Error(`analytics sees ${totals.bug_count} of ${bugs} bugs`)
  const figures = new Map<string, SizeFigure>()
  for (const { operation, kind, run } of operations) {
    const times: number[] = []
    // Lists take so little that one pause of the machine would be their p95.
    for (let round = -warmUp; round < samples * (kind === 'list' ? 10 : 1); round += 1) {
      const elapsed = await time(() => run(tidemark))
      if (round >= 0) times.push(elapsed)
    }
    figures.set(operation, { bugs, ...percentiles(times) })
  }
  return figures
}
