/** `tidemark migrate merge`: a revision that brings several heads together. Opens no database. */
import type { Command } from 'commander'
import { renderRevision } from '../../../../src/migrate/autogenerate/render-revision.ts'
import { messageValue, textsValue } from '../../flag-values.ts'
import { examples } from '../../help-text.ts'
import type { Invocation } from '../../invocation.ts'
import { codeStyleOf } from '../../project/code-style-of.ts'
import { placeRevision } from '../../project/new-revision.ts'
import { readProject } from '../../project/project.ts'
import { requireFiles, writeRevision } from '../../project/write-revision.ts'

interface MergeFlags {
  readonly message?: string | undefined
  readonly branchLabel?: readonly string[] | undefined
  readonly revId?: string | undefined
}

export function declare(command: Command, invocation: Invocation): void {
  command
    .description('Writes a revision that stands on several heads, so that the history has one again. Both sides must not change the same things.')
    .argument('<revisions...>', 'the heads to bring together; heads for all of them')
    .option('-m, --message <text>', 'what it is about (default: merge and the ids)', messageValue)
    .option('--branch-label <label>', 'a name for the branch from here on', textsValue)
    .option('--rev-id <id>', 'its id (default: 12 random hex digits)')
    .addHelpText('after', examples(['tidemark migrate merge heads -m "bring posts and tags together"', 'tidemark migrate merge 02bc 91fa']))
    .action(async (specs: readonly string[], { message, branchLabel, revId }: MergeFlags) => {
      const project = await readProject(invocation)
      const files = requireFiles(project)
      const place = placeRevision(project, { parents: specs, several: true, labels: branchLabel, id: revId })
      const revision = { ...place, message: message ?? `merge ${place.down.join(', ')}`, createdAt: new Date().toISOString() }
      invocation.answer(await writeRevision(files, revision, renderRevision(revision, { style: await codeStyleOf(project) })), (_terminal, { file }) => `${file}\n`)
    })
}
