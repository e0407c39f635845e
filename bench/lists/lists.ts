/** Lists against hand-written statements: see README.md beside this file. */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { comparePair, type Comparison, type MeasureOptions } from '../measure.ts'
import { syncedAccount, type Scale } from '../support/account.ts'
import { countingStorage } from '../support/counting-storage.ts'
import { rawCopy } from '../support/raw-sqlite.ts'
import { handWritten, type HandWritten } from './hand-written.ts'

export interface ListFigure extends Comparison {
  readonly engine: string
  readonly operation: string
  /** Target for the p95, in milliseconds (design, section 5). */
  readonly target: number
  readonly statements: number
}

interface ListCase {
  readonly operation: keyof HandWritten
  readonly targets: { readonly sqljs: number; readonly pglite: number }
  list(tidemark: Tidemark): Promise<{ readonly items: readonly { readonly id: number }[] }>
}

const cases: readonly ListCase[] = [
  { operation: 'products.list', targets: { sqljs: 1, pglite: 10 }, list: (tidemark) => tidemark.products.list() },
  { operation: 'tests.list, 50 rows', targets: { sqljs: 2, pglite: 15 }, list: (tidemark) => tidemark.tests.list({ limit: 50 }) },
  {
    operation: 'tests.list, 50 rows with bug counts',
    targets: { sqljs: 4, pglite: 20 },
    list: (tidemark) => tidemark.tests.list({ limit: 50, includeBugCounts: true }),
  },
  { operation: 'bugs.list, 50 rows', targets: { sqljs: 4, pglite: 20 }, list: (tidemark) => tidemark.bugs.list({ limit: 50 }) },
]

const engines = [
  { name: 'sqljs', open: () => sqljs() },
  { name: 'pglite', open: () => pglite() },
] as const

export async function benchLists(scale: Scale, options: MeasureOptions): Promise<readonly ListFigure[]> {
  const figures: ListFigure[] = []
  for (const engine of engines) {
    const storage = countingStorage(await engine.open())
    const { tidemark } = await syncedAccount(storage, scale)
    const reference = await referenceRunner(storage)
    for (const { operation, targets, list } of cases) {
      storage.takeCount()
      const { items } = await list(tidemark)
      const statements = storage.takeCount()
      check(operation, items, await reference(operation))
      figures.push({
        engine: engine.name,
        operation,
        target: targets[engine.name],
        statements,
        ...(await comparePair(() => list(tidemark), () => reference(operation), options)),
      })
    }
    await tidemark.close()
  }
  return figures
}

type Reference = (operation: keyof HandWritten) => Promise<readonly { readonly id: number }[]>

async function referenceRunner(storage: Storage): Promise<Reference> {
  const statements = handWritten(storage.dialect)
  if (storage.dialect === 'postgres') {
    return async (operation) => (await storage.query<{ id: number }>(statements[operation])).rows
  }
  const raw = await rawCopy(storage)
  const prepared = new Map(Object.entries(statements).map(([operation, { sql }]) => [operation, raw.prepare(sql)]))
  return async (operation) => {
    const statement = prepared.get(operation)
    if (statement === undefined) throw new Error(`no statement for ${operation}`)
    statement.bind([...statements[operation].parameters])
    const rows: { id: number }[] = []
    while (statement.step()) rows.push(statement.getAsObject() as { id: number })
    statement.reset()
    return rows
  }
}

function check(operation: string, ours: readonly { readonly id: number }[], reference: readonly { readonly id: number }[]): void {
  const ids = (rows: readonly { readonly id: number }[]): string => rows.map((row) => row.id).join(' ')
  if (ours.length === 0 || ids(ours) !== ids(reference)) throw new Error(`${operation}: the library and the hand-written statement disagree`)
}

