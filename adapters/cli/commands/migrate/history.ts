/** `tidemark migrate history`: the revisions, newest first. Opens the database only to say where that stands. */
import type { Command } from 'commander'
import { counted, minute } from '../../../../src/answers/figures.ts'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import type { RunRecord } from '../../../../src/migrate/bookkeeping.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject, type Project } from '../../project/project.ts'
import { factsAbout, revisionPage, stepLine, type RevisionFacts } from '../../project/revision-text.ts'
import { withMigrator } from '../../project/with-migrator.ts'
import { facts, renderPage } from '../../render/page.ts'
import type { Terminal } from '../../render/terminal.ts'

interface HistoryFlags {
  readonly revRange?: string | undefined
  readonly indicateCurrent?: true
  readonly verbose?: true
}

interface HistoryItem extends RevisionFacts {
  /** The three are there where the database was asked. */
  readonly applied?: boolean
  readonly current?: boolean
  /** Oldest first. */
  readonly runs?: readonly Omit<RunRecord, 'operations'>[]
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Lists the revisions, newest first, each with what it stands on.')
    .option('-r, --rev-range <a:b>', 'from one revision to another, both included; an end may be left out or relative')
    .option('-i, --indicate-current', 'ask the database where it stands and what was run on it')
    .option('-v, --verbose', 'all that is known of each')
    .addHelpText('after', examples(['tidemark migrate history', 'tidemark migrate history -r 02bc: -i', 'tidemark migrate history --indicate-current --json']))
    .action(async ({ revRange, indicateCurrent, verbose }: HistoryFlags) => {
      const project = await readProject(invocation)
      const graph = new RevisionGraph(project.revisions)
      const about = factsAbout(project, graph)
      const revisions = indicateCurrent === true ? await withRuns(invocation, project, revRange, about) : graph.history(revRange).map(about)
      invocation.answer({ revisions }, (terminal, { revisions }) => {
        if (revisions.length === 0) return 'There are no revisions.\n'
        return verbose === true
          ? renderPage(revisions.map((item) => revisionPage(terminal, item, marks(item)) + runFacts(terminal, item)))
          : revisions.map((item) => `${stepLine(terminal, item, marks(item))}\n`).join('')
      })
    })
}

async function withRuns(invocation: Invocation, project: Project, range: string | undefined, about: (id: string) => RevisionFacts): Promise<readonly HistoryItem[]> {
  const entries = await withMigrator(invocation, project, {}, (migrator) => migrator.history(range))
  return entries.map(({ revision, applied, current, runs }) => ({ ...about(revision.id), applied, current, runs: runs.map(({ operations: _operations, ...run }) => run) }))
}

function marks({ applied, current }: HistoryItem): readonly string[] {
  return [...(current === true ? ['current'] : []), ...(applied === false ? ['not applied'] : [])]
}

function runFacts(terminal: Terminal, { runs = [] }: HistoryItem): string {
  const last = runs.at(-1)
  return facts(terminal, [
    ['Last run', last === undefined ? null : `${last.direction} ${minute(last.finishedAt)} UTC, ${last.outcome}, ${last.durationMs} ms`],
    ['Runs', runs.length < 2 ? null : counted(runs.length, 'run')],
  ])
}
