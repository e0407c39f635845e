/** `tidemark migrate heads`: the revisions on which nothing stands yet. Opens no database. */
import type { Command } from 'commander'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { factsAbout, revisionLine, revisionPage } from '../../project/revision-text.ts'
import { renderPage } from '../../render/page.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Lists the newest revisions: one, unless branches are to be merged. Opens no database.')
    .option('-v, --verbose', 'all that is known of each')
    .addHelpText('after', examples(['tidemark migrate heads', 'tidemark migrate heads --json']))
    .action(async ({ verbose }: { readonly verbose?: true }) => {
      const project = await readProject(invocation)
      const graph = new RevisionGraph(project.revisions)
      invocation.answer({ heads: graph.heads().map(factsAbout(project, graph)) }, (terminal, { heads }) => {
        if (heads.length === 0) return 'There are no revisions yet.\n'
        return verbose === true ? renderPage(heads.map((head) => revisionPage(terminal, head))) : heads.map((head) => `${revisionLine(terminal, head)}\n`).join('')
      })
    })
}
