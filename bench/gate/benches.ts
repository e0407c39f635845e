/** What is gated. A bench that is not here informs only. */
import { analytics } from '../analytics/analytics.ts'
import type { Figure } from '../figure.ts'
import { lists } from '../lists/lists.ts'
import type { BenchAccounts } from '../support/accounts.ts'
import { measureOperations, type OperationsBench } from '../support/operations.ts'
import type { MeasureOptions } from '../measure.ts'
import { benchRate } from '../sync/rate.ts'
import type { GatedBench } from './attempts.ts'

export function gatedBenches(accounts: BenchAccounts): readonly GatedBench[] {
  const asked = (bench: OperationsBench, options: MeasureOptions): GatedBench => ({
    name: bench.name,
    async run() {
      const figures: Figure[] = []
      // One engine after the other: they would disturb each other.
      for (const account of await accounts.all()) figures.push(...(await measureOperations(bench, account, options)))
      return figures
    },
  })
  return [
    asked(lists, { warmUp: 100, samples: 300 }),
    asked(analytics, { warmUp: 3, samples: 25 }),
    { name: 'sync', run: () => benchRate('seed', 3) },
  ]
}
