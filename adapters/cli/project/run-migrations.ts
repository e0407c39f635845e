/** An upgrade or a downgrade from the command line: planned, asked about, run. */
import type { Direction } from '../../../src/migrate/migration-plan.ts'
import type { Invocation } from '../invocation.ts'
import { lossesOf, mayLose } from './losses.ts'
import type { Project } from './project.ts'
import { lossesSeen, rehearsed, renderRehearsal } from './rehearsal.ts'
import { running, type RunFlags } from './run-flags.ts'
import type { RunReport } from './run-report.ts'
import { migratorOn, withMigrator } from './with-migrator.ts'

/**
 * Undefined where nobody agreed to what would be lost; that has been told then. Where nothing is to be done, no revision
 * file and no schema is run.
 *
 * @throws TidemarkError as `Migrator.plan` and the run itself
 */
export async function runMigrations(invocation: Invocation, project: Project, direction: Direction, targets: readonly string[], flags: RunFlags): Promise<RunReport | undefined> {
  return withMigrator(invocation, project, flags, async (planner, storage) => {
    const plan = await planner.plan(targets, direction)
    const dryRun = flags.dryRun === true
    if (plan.steps.length === 0) return { dryRun, ...plan, steps: [], losses: [], rehearsal: null }
    await project.prepare(plan.steps.map(({ revision }) => revision))
    const rehearsal = flags.rehearse === true ? await rehearsed(invocation, project, storage, direction, targets, plan.steps.map(({ revision }) => revision)) : null
    // Told before anything is asked or run.
    if (rehearsal !== null && invocation.flags.json !== true) invocation.print(`${renderRehearsal(invocation.out, rehearsal)}\n`)
    const read = await lossesOf(project, storage, direction, plan.steps)
    // What only the run itself could tell.
    const seen = rehearsal === null ? [] : lossesSeen(rehearsal).filter(({ revision }) => read.every((loss) => loss.revision !== revision))
    const losses = [...read, ...seen]
    if (flags.dryRun === true) return { dryRun: true, ...plan, losses, rehearsal }
    // What is refused anyway is not asked about.
    const isRefused = plan.steps.some(({ irreversible }) => irreversible !== undefined)
    if (flags.yes !== true && !isRefused && !(await mayLose(invocation, direction, losses))) return undefined
    const migrator = migratorOn(invocation, project, storage, { ...flags, schema: await project.schema() })
    const result = await running(invocation, flags, (options) => migrator[direction](targets, options))
    return { dryRun: false, ...result, losses, rehearsal }
  })
}
