/** What `verify` says of a revision that was just written, on the dialect of the project's database. */
import { verifyRevisions, type VerifiedRevision } from '../../../src/migrate/verify/verify-revisions.ts'
import type { Invocation } from '../invocation.ts'
import { readProject } from './project.ts'
import { withShadows } from './shadow-room.ts'

export async function verifyWritten(invocation: Invocation, id: string): Promise<Pick<VerifiedRevision, 'verdict' | 'details'>> {
  // Read again, with the file that is new.
  const project = await readProject(invocation)
  await project.prepare(project.revisions.map((revision) => revision.id))
  const dialect = project.database().engine === 'sqlite' ? 'sqlite' : 'postgres'
  const { revisions } = await withShadows(undefined, async (shadows) =>
    verifyRevisions({ revisions: project.revisions, schema: await project.schema(), include: project.include, shadows, dialects: [dialect], range: id, signal: invocation.io.signal }),
  )
  const proof = revisions.find((revision) => revision.id === id)
  if (proof === undefined) throw new TypeError('A revision that was verified has no verdict')
  return { verdict: proof.verdict, details: proof.details }
}
