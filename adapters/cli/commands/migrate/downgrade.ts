/** `tidemark migrate downgrade`: undoes what stands above the target. */
import type { Command } from 'commander'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { runFlags, type RunFlags } from '../../project/run-flags.ts'
import { runMigrations } from '../../project/run-migrations.ts'
import { renderRun } from '../../project/run-report.ts'
import { sqlScript } from '../../project/sql-script.ts'

export function declare(command: Command, invocation: Invocation): void {
  runFlags(command)
    .description('Undoes what stands above the target. Asks before data is lost.')
    .argument('<target...>', 'ids or beginnings of ids, base, -N, ID-N, LABEL@base, LABEL@-N')
    .addHelpText('after', examples(['tidemark migrate downgrade -1 --dry-run', 'tidemark migrate downgrade base --yes']))
    .action(async (targets: readonly string[], flags: RunFlags) => {
      const project = await readProject(invocation)
      if (flags.sql === true) return invocation.answer({ sql: await sqlScript(project, 'downgrade', targets) }, (_terminal, { sql }) => sql)
      const report = await runMigrations(invocation, project, 'downgrade', targets, flags)
      if (report !== undefined) invocation.answer(report, renderRun)
    })
}
