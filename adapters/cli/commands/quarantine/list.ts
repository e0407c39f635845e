/** `tidemark quarantine list` */
import type { Command } from 'commander'
import type { QuarantineScope } from '../../../../src/sync/quarantine-access.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { withTidemark } from '../../session.ts'
import { productNames } from '../../sync/product-names.ts'
import { renderQuarantine } from '../../sync/quarantine-table.ts'

export function declare(command: Command, invocation: Invocation): void {
  command.addHelpText('after', examples(['tidemark quarantine list', 'tidemark quarantine list --products 598 --json'])).action(() =>
    withTidemark(invocation, [], async (tidemark) => {
      const entries = await tidemark.quarantine.list(command.opts<QuarantineScope>())
      const names = productNames(tidemark)
      await names.refresh()
      invocation.answer({ items: entries, total: entries.length }, (terminal) => renderQuarantine(terminal, entries, names))
    }),
  )
}
