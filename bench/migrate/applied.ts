/**
 * What the kit adds to the statements of revisions, in memory: 50 that make a table each, against the same tables made by hand in as many
 * transactions with a row of a version table. Part of the gate; against other tools see README.md beside this file.
 */
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../../test/support/around-statements.ts'
import type { Figure } from '../figure.ts'
import { percentiles } from '../measure.ts'
import { countEngineStarts } from '../support/engine-starts.ts'
import { processorTime } from '../sync/processor-time.ts'
import { historyOf } from './compare/declared-schema.ts'
import { createWideSchema } from './compare/wide-schema.ts'
import { stepSql } from './write/sql.ts'

const tables = createWideSchema(50)
const revisions = historyOf(tables)

const engines = [
  { engine: 'sqljs', open: () => sqljs(), timed: 10 },
  { engine: 'pglite', open: () => pglite(), timed: 3 },
] as const

/** @param part `counts`: nothing is timed */
export async function benchApplied(part: 'counts' | 'all'): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const { engine, open, timed } of engines) {
    const rounds = part === 'counts' ? 0 : timed
    const [ours, byHand]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await onFresh(open, (storage) => processorTime(() => upgrade(storage))))
      byHand.push(await onFresh(open, (storage) => processorTime(() => createByHand(storage))))
    }
    const [times, reference] = rounds === 0 ? [null, null] : [percentiles(ours), percentiles(byHand)]
    const counts = await onFresh(open, async (storage) => {
      const counted = countedStorage(storage)
      const starts = await countEngineStarts(() => upgrade(counted))
      const statements = counted.takeCount()
      await upgrade(counted)
      return { 'engines started': starts, statements, 'statements at head': counted.takeCount() }
    })
    figures.push({
      bench: 'migrate', engine, operation: `${revisions.length} revisions`, times, reference,
      // Of the fastest: there are few, and the first of each still waits for the compiler.
      ratio: rounds === 0 ? null : Math.min(...ours) / Math.min(...byHand), counts, limits: { counts: { 'engines started': 0 } },
    })
  }
  return figures
}

async function onFresh<T>(open: () => Promise<Storage>, work: (storage: Storage) => Promise<T>): Promise<T> {
  await using storage = await open()
  await storage.query({ sql: 'select 1' })
  return await work(storage)
}

async function upgrade(storage: Storage): Promise<void> {
  await new Migrator({ storage, revisions }).upgrade()
}

async function createByHand(storage: Storage): Promise<void> {
  await storage.query({ sql: 'create table version (id text not null)' })
  await storage.query({ sql: `insert into version values ('')` })
  for (const { name, columns, indexes } of tables) {
    await storage.transaction(async (tx) => {
      await tx.query({ sql: stepSql({ kind: 'createTable', table: name, columns }) })
      for (const index of indexes) await tx.query({ sql: stepSql({ kind: 'createIndex', table: name, index }) })
      await tx.query({ sql: `update version set id = '${name}'` })
    })
  }
}

function countedStorage(storage: Storage): Storage & { takeCount(): number } {
  let statements = 0
  const around = aroundStatements(storage, (_statement, ask) => {
    statements += 1
    return ask()
  })
  return {
    ...around,
    takeCount() {
      const taken = statements
      statements = 0
      return taken
    },
  }
}
