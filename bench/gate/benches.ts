/** What is gated. A bench that is not here informs only. */
import { analytics } from '../analytics/analytics.ts'
import { countAnswers } from '../answers/answers.ts'
import type { Figure } from '../figure.ts'
import { lists } from '../lists/lists.ts'
import type { MeasureOptions } from '../measure.ts'
import { countServerStart } from '../mcp/server-start.ts'
import { benchApplied } from '../migrate/applied.ts'
import { benchOpening } from '../opening/opening.ts'
import { countCommits } from '../storage/storage.ts'
import type { BenchAccount, BenchAccounts } from '../support/accounts.ts'
import { countOperations, timeOperations, type OperationsBench } from '../support/operations.ts'
import { benchRate } from '../sync/rate.ts'
import type { GatedBench } from './attempts.ts'

export function gatedBenches(accounts: BenchAccounts): readonly GatedBench[] {
  // One engine after the other: they would disturb each other.
  const onEach = async (measure: (account: BenchAccount) => Promise<readonly Figure[]>): Promise<readonly Figure[]> => {
    const figures: Figure[] = []
    for (const account of await accounts.all()) figures.push(...(await measure(account)))
    return figures
  }
  const asked = (bench: OperationsBench, options: MeasureOptions): GatedBench => ({
    name: bench.name,
    count: () => onEach((account) => countOperations(bench, account)),
    time: (counted) => onEach((account) => timeOperations(bench, account, options, counted)),
  })
  return [
    { name: 'opening', count: () => benchOpening('counts'), time: () => benchOpening('all') },
    { name: 'migrate', count: () => benchApplied('counts'), time: () => benchApplied('all') },
    { name: 'storage', count: () => countCommits([1, 10]) },
    { name: 'mcp', count: countServerStart },
    asked(lists, { warmUp: 100, samples: 300, enoughMs: 4000 }),
    { name: 'answers', count: () => onEach(countAnswers) },
    asked(analytics, { warmUp: 1, samples: 10 }),
    // A quarter of the account, since the whole takes minutes.
    { name: 'sync', count: async () => [], time: () => benchRate('seed', 1, 3) },
  ]
}
