/** `tidemark quarantine clear` */
import type { Command } from 'commander'
import { counted } from '../../../../src/answers/figures.ts'
import type { QuarantineScope } from '../../../../src/sync/quarantine-access.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { withTidemark } from '../../session.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Forgets what is in quarantine. Nothing else is removed, and what still cannot be read is found again by the next sync, which reads these lists to their end.')
    .addHelpText('after', examples(['tidemark quarantine clear', 'tidemark quarantine clear --products 598']))
    .action(() =>
      withTidemark(invocation, [], async (tidemark) => {
        const cleared = await tidemark.quarantine.clear(command.opts<QuarantineScope>())
        invocation.answer({ cleared }, () => (cleared === 0 ? 'Nothing was in quarantine.\n' : `Forgot ${counted(cleared, 'record')}. Run tidemark sync to look for ${cleared === 1 ? 'it' : 'them'} again.\n`))
      }),
    )
}
