/** `tidemark quarantine`: the records that the API would not give, or in a form that cannot be read. */
import type { Command } from 'commander'
import { idsValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import type { CommandEntry } from '../program.ts'

export const quarantineCommands: readonly CommandEntry[] = [
  { name: 'list', summary: 'what cannot be read, why, since when, and when it is tried again', load: () => import('./quarantine/list.ts') },
  { name: 'retry', summary: 'try it again now', load: () => import('./quarantine/retry.ts') },
  { name: 'clear', summary: 'forget it; the next sync looks for it again', load: () => import('./quarantine/clear.ts') },
]

export function declare(command: Command, invocation: Invocation): void {
  command
    .usage('[options] <command>')
    .description('Records that the API would not give, or in a form that cannot be read. A sync tries them again by itself, at growing intervals; what becomes readable leaves the quarantine.')
    .helpCommand(false)
    .addHelpText('after', examples(['tidemark quarantine list', 'tidemark quarantine list --products 598 --json', 'tidemark quarantine retry']))
  for (const { name, summary } of quarantineCommands) command.command(name).summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
  command.hook('preSubcommand', async (_command, inner) => {
    const module = await quarantineCommands.find(({ name }) => name === inner.name())?.load()
    inner.option('--products, --product-ids <ids>', 'only of these products, for example 598,599', idsValue)
    module?.declare(inner, invocation)
  })
}
