/** `tidemark migrate`: moves Tidemark's own database between revisions, and says where it stands. */
import type { Command } from 'commander'
import type { HistoryEntry, Migrator, PlannedStep } from '../../../src/migrate/migrator.ts'
import { tidemarkMigrator } from '../../../src/migrate/tidemark-migrator.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { countValue } from '../flag-values.ts'
import { examples } from '../help-text.ts'
import type { Invocation } from '../invocation.ts'
import { exitCode } from '../io.ts'
import { openStorage } from '../open-storage.ts'
import { questionsOf } from '../questions.ts'
import { counted, minute } from '../render/figures.ts'
import { bullets, renderPage, section } from '../render/page.ts'
import { renderTable, type Column } from '../render/table.ts'
import { writeParts } from '../report-error.ts'
import { closing, configure, loggerOf } from '../session.ts'
import { holdsRows } from '../stored-rows.ts'

interface RunFlags {
  readonly dryRun?: boolean | undefined
  readonly yes?: boolean | undefined
  readonly lockTimeout?: number | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Moves the schema of the database between revisions. Opening a database brings it to the newest one by itself.')
    .helpCommand(false)
    .addHelpText('after', examples(['tidemark migrate current', 'tidemark migrate upgrade --dry-run', 'tidemark migrate downgrade -1 --yes']))

  const upgrade = command.command('upgrade').description('Applies what is missing up to the target.').argument('[target]', 'a revision, a part of its id, head, +N', 'head')
  runFlags(upgrade).addHelpText('after', examples(['tidemark migrate upgrade', 'tidemark migrate upgrade +1', 'tidemark migrate upgrade --dry-run --json']))
    .action((target: string) => withMigrator(invocation, upgrade.opts<RunFlags>(), async (migrator) => {
      const flags = upgrade.opts<RunFlags>()
      if (flags.dryRun === true) return showRun(invocation, await planUpgrade(migrator, target), true)
      showRun(invocation, await migrator.upgrade(target), false)
    }))

  const downgrade = command.command('downgrade').description('Undoes what stands above the target. Asks before data is lost.').argument('<target>', 'a revision, a part of its id, base, -N')
  runFlags(downgrade).option('--yes', 'do not ask before data is lost').addHelpText('after', examples(['tidemark migrate downgrade -1 --dry-run', 'tidemark migrate downgrade base --yes']))
    .action((target: string) => withMigrator(invocation, downgrade.opts<RunFlags>(), async (migrator, storage) => {
      const flags = downgrade.opts<RunFlags>()
      const plan = await planDowngrade(migrator, target)
      if (flags.dryRun === true) return showRun(invocation, plan, true)
      if (flags.yes === true || (await mayLose(invocation, plan.steps, storage))) showRun(invocation, await migrator.downgrade(target), false)
    }))

  const current = command.command('current').description('Says at which revision the database stands.').addHelpText('after', examples(['tidemark migrate current', 'tidemark migrate current --json']))
  current.action(() => withMigrator(invocation, {}, async (migrator) => {
    const { atHead } = await migrator.status()
    const [rows, heads] = [await migrator.current(), migrator.graph.heads()]
    if (invocation.flags.json === true) return invocation.printJson({ current: rows, heads, atHead })
    invocation.print(`${rows.length === 0 ? 'none' : rows.join('\n')}${atHead ? ' (newest)' : ` (newest: ${heads.join(', ')})`}\n`)
  }))

  const history = command.command('history').description('Lists the revisions, newest first, and when each was run on this database.').addHelpText('after', examples(['tidemark migrate history', 'tidemark migrate history --json']))
  history.action(() => withMigrator(invocation, {}, async (migrator) => {
    const entries = await migrator.history()
    if (invocation.flags.json === true) invocation.printJson({ revisions: entries.map(historyItem) })
    else invocation.print(renderTable(invocation.out, historyColumns, entries))
  }))
}

function runFlags(command: Command): Command {
  return command
    .option('--dry-run', 'say what would be done, change nothing')
    .option('--lock-timeout <seconds>', 'how long to wait for another runner (default: 60); exit code 4 when it does not finish', countValue)
}

async function withMigrator(invocation: Invocation, { lockTimeout }: RunFlags, work: (migrator: Migrator, storage: Storage) => Promise<void>): Promise<void> {
  const configuration = await configure(invocation)
  await closing(await openStorage(configuration.database), (storage) =>
    work(tidemarkMigrator({ storage, lockTimeoutMs: lockTimeout === undefined ? undefined : lockTimeout * 1000, logger: loggerOf(invocation, configuration) }), storage),
  )
}

interface Plan {
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly steps: readonly (PlannedStep & { readonly durationMs?: number })[]
}

async function planUpgrade(migrator: Migrator, target: string): Promise<Plan> {
  const from = await migrator.current()
  const ids = migrator.graph.upgradePath(from, target)
  return { from, to: migrator.graph.headsAfter(from, ids, 'up'), steps: await planned(migrator, ids, 'upgrade') }
}

async function planDowngrade(migrator: Migrator, target: string): Promise<Plan> {
  const from = await migrator.current()
  const ids = migrator.graph.downgradePath(from, target)
  return { from, to: migrator.graph.headsAfter(from, ids, 'down'), steps: await planned(migrator, ids, 'downgrade') }
}

async function planned(migrator: Migrator, ids: readonly string[], direction: 'upgrade' | 'downgrade'): Promise<readonly PlannedStep[]> {
  const revisions = new Map((await migrator.history()).map(({ revision }) => [revision.id, revision]))
  return ids.map((id) => {
    const revision = revisions.get(id)
    const step = { revision: id, message: revision?.message ?? '', direction }
    return direction === 'upgrade' ? step : { ...step, lossy: revision?.lossy, irreversible: revision?.irreversible }
  })
}

/** True when nothing is lost or a person agrees. Says otherwise what to do, with the exit code for an open question. */
async function mayLose(invocation: Invocation, steps: readonly PlannedStep[], storage: Storage): Promise<boolean> {
  const losses = lossesOf(steps)
  if (losses.length === 0 || !(await holdsRows(storage))) return true
  const answer = await (await questionsOf(invocation))?.confirm(`The downgrade loses data. ${losses.join('; ')}. Go on?`)
  if (answer === true) return true
  invocation.exit = exitCode.unanswered
  writeParts(invocation, 'Nothing was undone', answer === false ? 'You did not agree to lose data.' : `The downgrade loses data:\n${losses.map((loss) => `- ${loss}`).join('\n')}`, 'Say --yes to do it all the same, or --dry-run to see the steps.')
  return false
}

function lossesOf(steps: readonly PlannedStep[]): readonly string[] {
  return steps.filter(({ lossy }) => lossy !== undefined).map(({ revision, lossy }) => `${revision}: ${lossy}`)
}

function showRun(invocation: Invocation, { from, to, steps }: Plan, dryRun: boolean): void {
  if (invocation.flags.json === true) return invocation.printJson({ dryRun, from, to, steps })
  const route = `from ${from.join(', ') || 'an empty database'} to ${to.join(', ') || 'an empty database'}`
  const head = steps.length === 0 ? `Nothing to do: the database stands at ${to.join(', ') || 'no revision'}.` : `${dryRun ? 'Would go' : 'Went'} ${route} in ${counted(steps.length, 'step')}.`
  const losses = bullets(invocation.out, lossesOf(steps))
  invocation.print(renderPage([`${head}\n`, steps.length === 0 ? '' : renderTable(invocation.out, stepColumns, steps), section(invocation.out, dryRun ? 'What would be lost' : 'What was lost', losses)]))
}

const stepColumns: readonly Column<Plan['steps'][number]>[] = [
  { head: 'Revision', text: (step) => step.revision },
  { head: 'Step', text: (step) => step.direction },
  { head: 'Message', shrinks: true, text: (step) => step.message },
  { head: 'Time', align: 'right', text: (step) => (step.durationMs === undefined ? '–' : `${step.durationMs} ms`) },
]

const historyColumns: readonly Column<HistoryEntry>[] = [
  { head: 'Revision', text: ({ revision }) => revision.id },
  { head: 'Message', shrinks: true, text: ({ revision }) => revision.message },
  { head: 'Here', text: ({ applied, current }) => (current ? 'current' : applied ? 'applied' : 'missing'), style: ({ applied }) => (applied ? 'green' : 'yellow') },
  { head: 'Last run (UTC)', text: ({ runs }) => minute(runs.at(-1)?.finishedAt ?? null) },
]

function historyItem({ revision, applied, current, runs }: HistoryEntry): object {
  const { id, message, down, dependsOn, labels, createdAt } = revision
  return { id, message, down, dependsOn, labels, createdAt, applied, current, runs: runs.map(({ operations: _operations, ...run }) => run) }
}
