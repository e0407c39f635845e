/** A whole account over real HTTP, compared field by field with the truth: see README.md beside this file. */
import { deepStrictEqual } from 'node:assert/strict'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { copyOfTruth, readCopy } from '../../test/support/account-copy.ts'
import { serve } from '../../test/support/http-server.ts'
import { benchCustomer, benchNow, type Scale } from '../support/account.ts'

export interface CopyFigure {
  readonly rows: number
  readonly requests: number
  readonly firstSeconds: number
  readonly secondSeconds: number
  readonly rowsPerSecond: number
}

/** @throws AssertionError when the copy is not the truth */
export async function benchCopy(scale: Scale): Promise<CopyFigure> {
  const simulator = createSimulator({ scale, now: benchNow, token: 'bench' })
  const server = await serve((request) => simulator.fetch(request))
  const tidemark = await openTidemark({
    storage: await sqljs(),
    customerId: benchCustomer,
    testio: { token: 'bench', baseUrl: `${server.url}/customer/v2/` },
  })
  try {
    const started = performance.now()
    const first = await tidemark.sync()
    const firstSeconds = (performance.now() - started) / 1000
    deepStrictEqual(first.outcome, 'success')
    deepStrictEqual(await readCopy(tidemark.storage, benchCustomer), copyOfTruth(simulator.truth))

    const again = performance.now()
    const second = await tidemark.sync({ mode: 'force' })
    const secondSeconds = (performance.now() - again) / 1000
    deepStrictEqual([second.outcome, second.new, second.changed], ['success', 0, 0])
    return { rows: first.new, requests: first.requests, firstSeconds, secondSeconds, rowsPerSecond: first.new / firstSeconds }
  } finally {
    await tidemark.close()
    await server.close()
  }
}
