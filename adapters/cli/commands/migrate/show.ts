/** `tidemark migrate show`: all that is known of a revision. Opens no database. */
import type { Command } from 'commander'
import { RevisionGraph } from '../../../../src/migrate/graph.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { readProject } from '../../project/project.ts'
import { factsAbout, revisionPage } from '../../project/revision-text.ts'
import { renderPage } from '../../render/page.ts'

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Shows revisions: message, parents, children, labels, file. Opens no database.')
    .argument('<revision>', 'an id or the beginning of one, a label, head, heads, head-1, …')
    .option('-v, --verbose', 'the same; accepted for the sake of habit')
    .addHelpText('after', examples(['tidemark migrate show head', 'tidemark migrate show 02bc --json']))
    .action(async (spec: string) => {
      const project = await readProject(invocation)
      const graph = new RevisionGraph(project.revisions)
      invocation.answer({ revisions: graph.resolve(spec).map(factsAbout(project, graph)) }, (terminal, { revisions }) =>
        revisions.length === 0 ? `${spec} is the state before the first revision.\n` : renderPage(revisions.map((revision) => revisionPage(terminal, revision))))
    })
}
