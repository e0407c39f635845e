/** `tidemark migrate upgrade`: applies what is missing. */
import type { Command } from 'commander'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { runFlags, type RunFlags } from '../../project/run-flags.ts'
import { planUpgrade } from '../../project/run-plan.ts'
import { renderRun } from '../../project/run-report.ts'
import { migratorOn, withMigrator } from '../../project/with-migrator.ts'

export function declare(command: Command, invocation: Invocation): void {
  runFlags(command)
    .description('Applies what is missing up to the target. At the target already, it runs no revision.')
    .argument('[target...]', 'ids or beginnings of ids, head, heads, +N, ID+N, LABEL@head, LABEL@ID (default: head)')
    .addHelpText('after', examples(['tidemark migrate upgrade', 'tidemark migrate upgrade +1 --dry-run', 'tidemark migrate upgrade heads']))
    .action(async (given: readonly string[], flags: RunFlags) => {
      const targets = given.length === 0 ? ['head'] : given
      const project = await readProject(invocation)
      const report = await withMigrator(invocation, project, flags, async (migrator, storage) => {
        const plan = await planUpgrade(project, migrator, targets)
        if (flags.dryRun === true || plan.steps.length === 0) return { dryRun: flags.dryRun === true, ...plan }
        await project.prepare(plan.steps.map(({ revision }) => revision))
        const runner = migratorOn(invocation, project, storage, { ...flags, schema: await project.schema() })
        return { dryRun: false, ...await runner.upgrade(targets) }
      })
      invocation.answer(report, renderRun)
    })
}
