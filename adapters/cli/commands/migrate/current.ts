/** `tidemark migrate current`: where the database stands, and how far that is from the newest revision. */
import type { Command } from 'commander'
import { counted, minute } from '../../../../src/answers/figures.ts'
import type { HalfWay } from '../../../../src/migrate/migration-plan.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { factsAbout, revisionLine, revisionPage, type RevisionFacts } from '../../project/revision-text.ts'
import { withMigrator } from '../../project/with-migrator.ts'
import { renderPage } from '../../render/page.ts'
import type { Terminal } from '../../render/terminal.ts'

interface Standing {
  /** The rows of the version table. */
  readonly current: readonly string[]
  readonly heads: readonly string[]
  readonly atHead: boolean
  /** What an upgrade to the heads would apply; null where the database stands at a revision that is not known here. */
  readonly pending: readonly string[] | null
  /** What has to be finished before anything else is run. */
  readonly halfWay: HalfWay | null
  /** The rows that are known here. */
  readonly revisions: readonly RevisionFacts[]
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Says at which revision the database stands, and what is left to apply.')
    .option('-v, --verbose', 'all that is known of each')
    .addHelpText('after', examples(['tidemark migrate current', 'tidemark migrate current --json']))
    .action(async ({ verbose }: { readonly verbose?: true }) => {
      const project = await readProject(invocation)
      const standing = await withMigrator(invocation, project, {}, async (migrator): Promise<Standing> => {
        const { graph } = migrator
        const current = await migrator.current()
        const known = current.filter((row) => graph.has(row))
        const pending = known.length === current.length ? graph.upgradePath(current, 'heads') : null
        return { current, heads: graph.heads(), atHead: pending?.length === 0, pending, halfWay: (await migrator.halfWay()) ?? null, revisions: known.map(factsAbout(project, graph)) }
      })
      invocation.answer(standing, (terminal, value) => (verbose === true ? renderPage([...value.revisions.map((revision) => revisionPage(terminal, revision)), ...summary(value)]) : renderStanding(terminal, value)))
    })
}

function renderStanding(terminal: Terminal, standing: Standing): string {
  return [...standing.revisions.map((revision) => `${revisionLine(terminal, revision)}\n`), ...summary(standing)].join('')
}

function summary({ current, heads, pending, halfWay, revisions }: Standing): readonly string[] {
  const unknown = current.filter((row) => !revisions.some(({ id }) => id === row)).map((row) => `${row} (not known here)\n`)
  const nothing = current.length === 0 ? ['No revision is applied.\n'] : []
  const behind = pending === null || pending.length === 0 ? [] : [`${counted(pending.length, 'revision')} to apply, up to ${heads.join(', ')}.\n`]
  const open = halfWay === null ? [] : [
    `${halfWay.revision} is half-way: its ${halfWay.direction} ended at ${minute(halfWay.stoppedAt)} UTC after ${halfWay.operations.at(-1) ?? 'nothing'}. The same command goes on from there.\n`,
  ]
  return [...unknown, ...nothing, ...open, ...behind]
}
