/** `tidemark sync`: brings the local copy up to date and says what happened, part by part. */
import { Option, type Command } from 'commander'
import { syncModes, type SyncMode } from '../../../src/sync/types.ts'
import { syncScopeOf, withinScope } from '../../node/sync-scope.ts'
import { idsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { withTidemark } from '../session.ts'
import { productNames } from '../sync/product-names.ts'
import { syncExitCode, watchSync } from '../sync/watch-sync.ts'
import { renderSync } from '../sync/summary.ts'

interface SyncFlags {
  readonly mode?: SyncMode | undefined
  readonly productIds?: readonly number[] | undefined
  readonly since?: string | undefined
  readonly dryRun?: boolean | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description(
      'Brings the local copy up to date. What was read is kept, also when the sync is stopped; the next one goes on from there.\n' +
        '\nMode hybrid (the default) finds what is new and reads again what can still change.\n' +
        'Mode incremental only finds what is new.\n' +
        'Mode force reads everything again, and so notices every deletion.\n' +
        'Mode rebuild reads everything into a fresh copy, which takes the place of the old one when it is complete.\n' +
        '\nExit code 0: everything was read. 1: it failed or was stopped. 3: it finished, but something could not be read.',
    )
    .addOption(new Option('--mode <mode>', 'how much to read').choices(syncModes))
    .option('--products, --product-ids <ids>', 'only these products, for example 598,599 (default: TIDEMARK_PRODUCT_IDS, else all)', idsValue)
    .option('--since <when>', 'leave older tests alone: a date, or a phrase like "30 days ago" (default: TIDEMARK_SYNC_SINCE, else everything)')
    .option('--dry-run', 'read and compare, write nothing')
    .addHelpText('after', examples(['tidemark sync', 'tidemark sync --products 598 --since "30 days ago"', 'tidemark sync --mode force --json']))
    .action(async () => {
      const { productIds, ...flags } = command.opts<SyncFlags>()
      await withTidemark(invocation, ['token'], async (tidemark, configuration) => {
        const options = withinScope({ ...flags, products: productIds }, syncScopeOf(configuration))
        const names = productNames(tidemark)
        const result = await watchSync(invocation, names, (watched) => tidemark.sync({ ...options, ...watched }))
        invocation.answer(result, (terminal) => renderSync(terminal, result, { names }))
        invocation.exit = syncExitCode(result.outcome)
      })
    })
}
