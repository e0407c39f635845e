/** `tidemark migrate branches`: the points at which the history forks or meets again. Opens no database. */
import type { Command } from 'commander'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { factsAbout, revisionLine, revisionPage } from '../../project/revision-text.ts'
import { renderPage } from '../../render/page.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Lists the revisions on which several others stand, with those, and the ones that bring branches together. Opens no database.')
    .option('-v, --verbose', 'all that is known of each')
    .addHelpText('after', examples(['tidemark migrate branches', 'tidemark migrate branches --verbose']))
    .action(async ({ verbose }: { readonly verbose?: true }) => {
      const project = await readProject(invocation)
      const graph = new RevisionGraph(project.revisions)
      const about = factsAbout(project, graph)
      const branches = graph.branchPoints().map(about).map((branch) => ({ ...branch, branches: branch.children.map(about) }))
      invocation.answer({ branches, merges: graph.mergePoints().map(about) }, (terminal, { branches, merges }) => {
        if (branches.length + merges.length === 0) return 'The history has no branches.\n'
        if (verbose === true) return renderPage([...branches, ...merges].map((revision) => revisionPage(terminal, revision)))
        const forks = branches.map((branch) => [revisionLine(terminal, branch), ...branch.branches.map((child) => `  -> ${revisionLine(terminal, child)}`)])
        const meetings = merges.map((merge) => [revisionLine(terminal, merge), ...merge.down.map((parent) => `  <- ${revisionLine(terminal, about(parent))}`)])
        return [...forks, ...meetings].flat().map((line) => `${line}\n`).join('')
      })
    })
}
