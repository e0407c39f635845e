/**
 * The revisions of a project as its folder holds them: found by name, known by their text, run when they are needed. Every
 * complaint about a revision, or about the graph of them, names the file.
 */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isTidemarkError, TidemarkError, type TidemarkErrorOptions } from '../../../src/errors.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../../src/migrate/revision.ts'
import { isRevisionFileName } from '../../node/file-name-template.ts'
import { loadModule, reasonOf } from '../../node/load-module.ts'
import { headerFieldNames, readRevisionHeader } from './revision-header.ts'

export interface RevisionFile {
  /** Absolute. */
  readonly path: string
  /** Its functions run the file when they are first called. */
  readonly revision: Revision
  /** Runs the file, and gives the revision as it is written there; at most once. */
  load(): Promise<Revision>
}

/**
 * All revisions of the folder, in the order of the file names.
 *
 * @throws TidemarkError `revision_invalid` for a file that cannot be used, `revision_graph_invalid` when they do not fit together
 */
export async function readRevisionFiles(folder: string): Promise<readonly RevisionFile[]> {
  const files = await Promise.all((await namesIn(folder)).map((name) => readRevisionFile(path.join(folder, name))))
  try {
    // Only to see that they are one.
    void new RevisionGraph(files.map(({ revision }) => revision))
  } catch (error) {
    throw withFiles(error, files)
  }
  return files
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.isDirectory() && isRevisionFileName(entry.name)).map(({ name }) => name).toSorted()
  } catch (cause) {
    throw new TidemarkError('revision_invalid', 'Cannot read the revisions', {
      why: `There is no folder ${folder}.`,
      next: 'Make it with `tidemark migrate init`, or correct `migrations` in the configuration.',
      cause,
    })
  }
}

async function readRevisionFile(file: string): Promise<RevisionFile> {
  const read = readRevisionHeader(await readFile(file, 'utf8'))
  if (read === null) {
    const revision = await runRevisionFile(file)
    return { path: file, revision, load: async () => revision }
  }
  let loading: Promise<Revision> | undefined
  const load = (): Promise<Revision> => (loading ??= runRevisionFile(file).then((loaded) => requireSame(file, revision, loaded)))
  const revision: Revision = naming(file, () => defineRevision({
    ...read.header,
    upgrade: async (op) => (await load()).upgrade(op),
    downgrade: read.hasDowngrade ? async (op) => (await load()).downgrade?.(op) : undefined,
  }))
  return { path: file, revision, load }
}

async function runRevisionFile(file: string): Promise<Revision> {
  let module: unknown
  try {
    module = await loadModule(file)
  } catch (cause) {
    throw unusable(file, `It cannot be run: ${reasonOf(cause)}.`, cause)
  }
  if (typeof module !== 'object' || module === null || !('id' in module) || !('upgrade' in module)) throw unusable(file, 'It has no default export made by `defineRevision`.')
  // Checked anew, since the file can have made the object by hand or with another version.
  return naming(file, () => defineRevision(module as RevisionSpec))
}

/** The text and the file that was run must agree, or the history would be another one than was shown. */
function requireSame(file: string, read: Revision, ran: Revision): Revision {
  const different = headerFieldNames.filter((field) => JSON.stringify(read[field]) !== JSON.stringify(ran[field]))
  if (different.length === 0) return ran
  throw unusable(file, `Its ${different.join(', ')} ${different.length === 1 ? 'is' : 'are'} not what its text says.`)
}

function naming<T>(file: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw isTidemarkError(error) ? rewritten(error, `${path.basename(file)}: ${error.why}`, { file }) : error
  }
}

function withFiles(error: unknown, files: readonly RevisionFile[]): unknown {
  if (!isTidemarkError(error, 'revision_graph_invalid') || !Array.isArray(error.details['revisions'])) return error
  const ids: readonly unknown[] = error.details['revisions']
  const involved = files.filter(({ revision }) => ids.includes(revision.id)).map((file) => path.basename(file.path))
  return involved.length === 0 ? error : rewritten(error, `${error.why}\nFiles: ${involved.join(', ')}`, { files: involved })
}

function rewritten(error: TidemarkError, why: string, details: TidemarkErrorOptions['details'] = {}): TidemarkError {
  return new TidemarkError(error.code, error.what, { why, next: error.next, cause: error, details: { ...error.details, ...details } })
}

function unusable(file: string, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('revision_invalid', `Cannot use the revision file ${path.basename(file)}`, {
    why, next: 'Correct the file, or move it out of the folder of revisions.', cause, details: { file },
  })
}
