/** `tidemark quarantine retry`: a sync of the products that have something in quarantine, which looks for all of it. */
import type { Command } from 'commander'
import type { QuarantineScope } from '../../../../src/sync/quarantine-access.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { exitCode } from '../../io.ts'
import { renderPage } from '../../render/page.ts'
import { withTidemark } from '../../session.ts'
import { productNames } from '../../sync/product-names.ts'
import { renderQuarantine } from '../../sync/quarantine-table.ts'
import { syncExitCode, watchSync } from '../../sync/watch-sync.ts'
import { renderSync } from '../../sync/summary.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Tries again now what is in quarantine, as a sync of its products. Exit code 0: all of it could be read. 3: some of it is still there.')
    .addHelpText('after', examples(['tidemark quarantine retry', 'tidemark quarantine retry --products 598']))
    .action(() =>
      withTidemark(invocation, ['token'], async (tidemark) => {
        const scope = command.opts<QuarantineScope>()
        const names = productNames(tidemark)
        const before = await tidemark.quarantine.list(scope)
        const sync = before.length === 0 ? null : await watchSync(invocation, names, (watched) => tidemark.quarantine.retry({ ...scope, ...watched }))
        const left = await tidemark.quarantine.list(scope)
        invocation.answer({ tried: before.length, left: left.length, items: left, sync }, (terminal) =>
          sync === null ? 'Nothing is in quarantine.\n' : renderPage([renderSync(terminal, sync, { names }), renderQuarantine(terminal, left, names)]))
        invocation.exit = sync === null ? exitCode.success : syncExitCode(sync.outcome)
      }),
    )
}
