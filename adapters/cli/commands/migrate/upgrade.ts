/** `tidemark migrate upgrade`: applies what is missing. */
import type { Command } from 'commander'
import { TidemarkError } from '../../../../src/errors.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { runFlags, running, type RunFlags } from '../../project/run-flags.ts'
import { renderRun, type RunReport } from '../../project/run-report.ts'
import { sqlScript } from '../../project/sql-script.ts'
import { migratorOn, withMigrator } from '../../project/with-migrator.ts'

export function declare(command: Command, invocation: Invocation): void {
  runFlags(command)
    .description('Applies what is missing up to the target. At the target already, it runs no revision.')
    .argument('[target...]', 'ids or beginnings of ids, head, heads, +N, ID+N, LABEL@head, LABEL@ID (default: head)')
    .addHelpText('after', examples(['tidemark migrate upgrade', 'tidemark migrate upgrade +1 --dry-run', 'tidemark migrate upgrade heads']))
    .action(async (given: readonly string[], flags: RunFlags) => {
      const targets = given.length === 0 ? ['head'] : given
      const project = await readProject(invocation)
      if (flags.sql === true) return invocation.answer({ sql: await sqlScript(project, 'upgrade', targets) }, (_terminal, { sql }) => sql)
      const report = await withMigrator(invocation, project, flags, async (migrator, storage): Promise<RunReport> => {
        requireOneHead(migrator.graph.heads(), targets)
        const plan = await migrator.plan(targets, 'upgrade')
        if (flags.dryRun === true) return { dryRun: true, ...plan }
        if (plan.steps.length === 0) return { dryRun: false, ...plan, steps: [] }
        await project.prepare(plan.steps.map(({ revision }) => revision))
        const runner = migratorOn(invocation, project, storage, { ...flags, schema: await project.schema() })
        return { dryRun: false, ...await running(invocation, flags, (options) => runner.upgrade(targets, options)) }
      })
      invocation.answer(report, renderRun)
    })
}

/** The graph would refuse it too, but does not know by which commands one gets on. */
function requireOneHead(heads: readonly string[], targets: readonly string[]): void {
  if (heads.length < 2 || !targets.includes('head')) return
  throw new TidemarkError('revision_target_invalid', 'Cannot upgrade to "head"', {
    why: `There are ${heads.length} heads: ${heads.map((head) => `"${head}"`).join(', ')}.`,
    next: 'Bring them together with `tidemark migrate merge heads`, or apply them all with `tidemark migrate upgrade heads`.',
    details: { kind: 'multiple_heads', target: 'head', revisions: heads },
  })
}
