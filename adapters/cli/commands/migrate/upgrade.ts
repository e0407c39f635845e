/** `tidemark migrate upgrade`: applies what is missing. */
import type { Command } from 'commander'
import { TidemarkError } from '../../../../src/errors.ts'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject, type Project } from '../../project/project.ts'
import { runFlags, type RunFlags } from '../../project/run-flags.ts'
import { runMigrations } from '../../project/run-migrations.ts'
import { renderRun } from '../../project/run-report.ts'
import { sqlScript } from '../../project/sql-script.ts'

export function declare(command: Command, invocation: Invocation): void {
  runFlags(command)
    .description('Applies what is missing up to the target. Asks before data is lost. At the target already, it runs no revision.')
    .argument('[target...]', 'ids or beginnings of ids, head, heads, +N, ID+N, LABEL@head, LABEL@ID (default: head)')
    .addHelpText('after', examples(['tidemark migrate upgrade', 'tidemark migrate upgrade +1 --dry-run', 'tidemark migrate upgrade heads']))
    .action(async (given: readonly string[], flags: RunFlags) => {
      const targets = given.length === 0 ? ['head'] : given
      const project = await readProject(invocation)
      requireOneHead(project, targets)
      if (flags.sql === true) return invocation.answer({ sql: await sqlScript(project, 'upgrade', targets) }, (_terminal, { sql }) => sql)
      const report = await runMigrations(invocation, project, 'upgrade', targets, flags)
      if (report !== undefined) invocation.answer(report, renderRun)
    })
}

/** The graph would refuse it too, but does not know by which commands one gets on. */
function requireOneHead(project: Project, targets: readonly string[]): void {
  const heads = new RevisionGraph(project.revisions).heads()
  if (heads.length < 2 || !targets.includes('head')) return
  throw new TidemarkError('revision_target_invalid', 'Cannot upgrade to "head"', {
    why: `There are ${heads.length} heads: ${heads.map((head) => `"${head}"`).join(', ')}.`,
    next: 'Bring them together with `tidemark migrate merge heads`, or apply them all with `tidemark migrate upgrade heads`.',
    details: { kind: 'multiple_heads', target: 'head', revisions: heads },
  })
}
