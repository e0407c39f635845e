/** A synced account with the edge rows, and analytics over it, for every test here. */
import type { Engine } from '../support/engines.ts'
import { createAnalytics } from '../../src/analytics/query.ts'
import type { Analytics } from '../../src/analytics/question.ts'
import type { TidemarkDatabase } from '../../src/model/schema.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { recordingStorage } from '../support/recording-storage.ts'
import { openOver, simulatedAccount, testNow } from '../support/simulated-account.ts'
import { insertEdgeRows, withEdgeRows } from './edge-rows.ts'
import { factsOf } from './referee.ts'

export const simulator = simulatedAccount()
/** What is stored and living. */
export const facts = withEdgeRows(factsOf(simulator.truth))

export interface AnalyticsAccount {
  readonly tidemark: Tidemark
  readonly analytics: Analytics
  /** Statements since the last call. */
  takeCount(): number
}

export async function openAccount(engine: Engine): Promise<AnalyticsAccount> {
  const recorded = recordingStorage(await engine.open())
  const tidemark = await openOver(simulator, recorded)
  await tidemark.sync()
  await insertEdgeRows(tidemark.storage)
  const { storage } = tidemark
  return {
    tidemark,
    analytics: createAnalytics({ storage, db: kyselyFor<TidemarkDatabase>(storage, storage.dialect), customerId: 1, now: () => testNow, timeZone: 'UTC', refreshSeconds: 3600 }),
    takeCount: () => recorded.takeStatements().length,
  }
}
