/** `tidemark migrate`: the commands of the migration kit, for the project in this folder or for Tidemark's own database. */
import type { Command } from 'commander'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import type { CommandEntry } from '../program.ts'

/** In the order in which somebody meets them. A command's own module is loaded when it is called. */
export const migrateCommands: readonly CommandEntry[] = [
  { name: 'init', summary: 'start a project: configuration, schema, folder of revisions', load: () => import('./migrate/init.ts') },
  { name: 'revision', summary: 'write a new revision', load: () => import('./migrate/revision.ts') },
  { name: 'upgrade', summary: 'apply what is missing', load: () => import('./migrate/upgrade.ts') },
  { name: 'downgrade', summary: 'undo what stands above a revision', load: () => import('./migrate/downgrade.ts') },
  { name: 'current', summary: 'where the database stands', load: () => import('./migrate/current.ts') },
  { name: 'heads', summary: 'the newest revisions', load: () => import('./migrate/heads.ts') },
  { name: 'branches', summary: 'where the history forks, and where it meets again', load: () => import('./migrate/branches.ts') },
  { name: 'history', summary: 'the revisions, newest first', load: () => import('./migrate/history.ts') },
  { name: 'show', summary: 'one revision', load: () => import('./migrate/show.ts') },
  { name: 'merge', summary: 'bring several heads together', load: () => import('./migrate/merge.ts') },
  { name: 'check', summary: 'whether schema, revisions and database agree', load: () => import('./migrate/check.ts') },
  { name: 'verify', summary: 'prove every revision, up and down, on databases in memory', load: () => import('./migrate/verify.ts') },
  { name: 'lint', summary: 'what revisions would destroy, break or block', load: () => import('./migrate/lint.ts') },
  { name: 'stamp', summary: 'say where the database stands, without running anything', load: () => import('./migrate/stamp.ts') },
]

export function declare(command: Command, invocation: Invocation): void {
  command
    .usage('[options] <command>')
    .description('Moves a database schema between revisions. In a folder whose tidemark.config.ts names a folder of migrations it is about that project, else about Tidemark\'s own database, which opening it brings to the newest revision by itself.')
    .helpCommand(false)
    .addHelpText('after', examples(['tidemark migrate init', 'tidemark migrate revision --autogenerate -m "add posts"', 'tidemark migrate upgrade --dry-run', 'tidemark migrate downgrade -1']))
  for (const { name, summary } of migrateCommands) command.command(name).summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
  command.hook('preSubcommand', async (_command, inner) => {
    const module = await migrateCommands.find(({ name }) => name === inner.name())?.load()
    module?.declare(inner, invocation)
  })
}
