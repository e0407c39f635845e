/** `tidemark migrate stamp`: writes down where a database stands, when it got there by another way. Runs nothing. */
import type { Command } from 'commander'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { withMigrator } from '../../project/with-migrator.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Says where the database stands, without running anything. For a database that was brought there by another way.')
    .argument('<target...>', 'revisions as for upgrade; base for none')
    .option('--purge', 'forget first where it stood, also revisions that are not known here')
    .addHelpText('after', examples(['tidemark migrate stamp head', 'tidemark migrate stamp --purge head']))
    .action(async (targets: readonly string[], { purge }: { readonly purge?: true }) => {
      const project = await readProject(invocation)
      const stamped = await withMigrator(invocation, project, {}, async (migrator) => {
        const from = await migrator.current()
        return { from, to: await migrator.stamp(targets, { purge }) }
      })
      const place = (rows: readonly string[]) => rows.join(', ') || 'no revision'
      invocation.answer(stamped, (_terminal, { from, to }) => `The database stands at ${place(to)}; before, it stood at ${place(from)}. Nothing was run.\n`)
    })
}
