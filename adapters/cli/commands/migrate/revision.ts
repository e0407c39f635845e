/** `tidemark migrate revision`: a new revision file, empty or with what tells the declared schema from the revisions. */
import type { Command } from 'commander'
import { textsValue } from '../../flag-values.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { placeRevision } from '../../project/new-revision.ts'
import { readProject } from '../../project/project.ts'
import { revisionSource } from '../../project/revision-source.ts'
import { requireFiles, writeRevision } from '../../project/write-revision.ts'

interface RevisionFlags {
  readonly message: string
  readonly head: string
  readonly splice?: true
  readonly branchLabel?: readonly string[] | undefined
  readonly dependsOn?: readonly string[] | undefined
  readonly revId?: string | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Writes a new revision file and prints its path.')
    .requiredOption('-m, --message <text>', 'what the revision does; also part of the file name')
    .option('--head <revision>', 'what it stands on; base for a beginning of its own', 'head')
    .option('--splice', 'allow it to stand on a revision that is no head: the history forks')
    .option('--branch-label <label>', 'a name for the branch that begins here', textsValue)
    .option('--depends-on <revision>', 'a revision of another branch that has to be there first', textsValue)
    .option('--rev-id <id>', 'its id (default: 12 random hex digits)')
    .addHelpText('after', examples(['tidemark migrate revision -m "add posts"', 'tidemark migrate revision -m "try tags" --head 02bc --splice --branch-label tags']))
    .action(async ({ message, head, splice, branchLabel, dependsOn, revId }: RevisionFlags) => {
      const project = await readProject(invocation)
      const files = requireFiles(project)
      const place = placeRevision(project, { parents: [head], splice, dependsOn, labels: branchLabel, id: revId })
      const revision = { ...place, message, createdAt: new Date().toISOString() }
      invocation.answer(await writeRevision(files, revision, revisionSource(revision)), (_terminal, { file }) => `${file}\n`)
    })
}
