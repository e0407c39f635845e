/** `tidemark migrate downgrade`: undoes what stands above the target. */
import type { Command } from 'commander'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { exitCode } from '../../io.ts'
import { readProject } from '../../project/project.ts'
import { runFlags, running, type RunFlags } from '../../project/run-flags.ts'
import { lossesOf, renderRun, type RunReport } from '../../project/run-report.ts'
import { sqlScript } from '../../project/sql-script.ts'
import { migratorOn, withMigrator } from '../../project/with-migrator.ts'
import { questionsOf } from '../../questions.ts'
import { writeParts } from '../../report-error.ts'
import { holdsRows } from '../../stored-rows.ts'
import type { MigrationPlan } from '../../../../src/migrate/migration-plan.ts'
import type { Storage } from '../../../../src/storage/storage.ts'

export function declare(command: Command, invocation: Invocation): void {
  runFlags(command)
    .description('Undoes what stands above the target. Asks before data is lost.')
    .argument('<target...>', 'ids or beginnings of ids, base, -N, ID-N, LABEL@base, LABEL@-N')
    .addHelpText('after', examples(['tidemark migrate downgrade -1 --dry-run', 'tidemark migrate downgrade base --yes']))
    .action(async (targets: readonly string[], flags: RunFlags) => {
      const project = await readProject(invocation)
      if (flags.sql === true) return invocation.answer({ sql: await sqlScript(project, 'downgrade', targets) }, (_terminal, { sql }) => sql)
      const report = await withMigrator(invocation, project, flags, async (migrator, storage): Promise<RunReport | undefined> => {
        const plan = await migrator.plan(targets, 'downgrade')
        if (flags.dryRun === true) return { dryRun: true, ...plan }
        if (plan.steps.length === 0) return { dryRun: false, ...plan, steps: [] }
        await project.prepare(plan.steps.map(({ revision }) => revision))
        if (flags.yes !== true && !(await mayLose(invocation, plan, storage))) return undefined
        const runner = migratorOn(invocation, project, storage, { ...flags, schema: await project.schema() })
        return { dryRun: false, ...await running(invocation, flags, (options) => runner.downgrade(targets, options)) }
      })
      if (report !== undefined) invocation.answer(report, renderRun)
    })
}

/** True when nothing is lost or a person agrees. Says otherwise what to do, with the exit code for an open question. */
async function mayLose(invocation: Invocation, { steps }: MigrationPlan, storage: Storage): Promise<boolean> {
  const losses = lossesOf(steps)
  if (losses.length === 0 || !(await holdsRows(storage))) return true
  const answer = await (await questionsOf(invocation))?.confirm(`The downgrade loses data. ${losses.join('; ')}. Go on?`)
  if (answer === true) return true
  invocation.exit = exitCode.unanswered
  writeParts(invocation, 'Nothing was undone', answer === false ? 'You did not agree to lose data.' : `The downgrade loses data:\n${losses.map((loss) => `- ${loss}`).join('\n')}`, 'Say --yes to do it all the same, or --dry-run to see the steps.')
  return false
}
