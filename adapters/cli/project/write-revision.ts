/** Puts a new revision into the folder of the project, and into its index. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { systemCode, TidemarkError } from '../../../src/errors.ts'
import { fileNameOf } from '../../node/file-name-template.ts'
import type { RevisionPlace } from './new-revision.ts'
import type { Project, ProjectFiles } from './project.ts'
import { writeRevisionIndex } from './revision-index.ts'

export interface NewRevision extends RevisionPlace {
  readonly message: string
  /** UTC ISO-8601. */
  readonly createdAt: string
}

export interface WrittenRevision extends NewRevision {
  /** Absolute. */
  readonly file: string
  readonly index: string
}

/** Where new revisions of the project go. Tidemark's own come with the program, and nobody else adds to them. */
export function requireFiles(project: Project): ProjectFiles {
  if (project.files !== null) return project.files
  throw new TidemarkError('argument_invalid', 'Cannot add a revision', {
    why: 'There is no project here: this is about Tidemark\'s own database, whose revisions come with the program.',
    next: 'Go to the folder of your project, or name its configuration with --config; tidemark migrate init starts one.',
  })
}

/** @throws TidemarkError `argument_invalid` when there is a file of that name */
export async function writeRevision(files: ProjectFiles, revision: NewRevision, source: string): Promise<WrittenRevision> {
  const { folder, fileName } = files
  const file = path.join(folder, fileNameOf(fileName, { id: revision.id, message: revision.message, createdAt: new Date(revision.createdAt) }))
  try {
    await writeFile(file, source, { flag: 'wx' })
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause
    throw new TidemarkError('argument_invalid', 'Cannot write the revision', {
      why: `There is a file ${path.basename(file)} already.`, next: 'Give another message, or put %rev into `fileName` of the configuration.', cause,
    })
  }
  return { ...revision, file, index: await writeRevisionIndex(files) }
}
