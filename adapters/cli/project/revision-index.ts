/** The list of a project's revisions as a module, so that a bundle needs no file system to find them. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { systemCode } from '../../../src/errors.ts'
import { readRevisionFiles, type RevisionFile } from './revision-files.ts'

export interface RevisionIndex {
  readonly path: string
  /** What it has to be. */
  readonly text: string
  /** Null where there is none. */
  readonly found: string | null
}

/** The index of the folder, as it is and as it should be. `template` of file names says in which language. */
export async function readRevisionIndex(folder: string, template: string): Promise<RevisionIndex> {
  const file = path.join(folder, `index${path.extname(template)}`)
  return { path: file, text: indexOf(await readRevisionFiles(folder), path.extname(template)), found: await textOf(file) }
}

/** Writes the index where it is not what it should be; gives its path. */
export async function writeRevisionIndex(folder: string, template: string): Promise<string> {
  const { path: file, text, found } = await readRevisionIndex(folder, template)
  if (text !== found) await writeFileAtomic(file, text)
  return file
}

/** Whether a text was written here, and not by a person. */
export function isWritten(text: string): boolean {
  return text.startsWith(mark)
}

const mark = '/** Written by `tidemark migrate`'

function indexOf(files: readonly RevisionFile[], extension: string): string {
  const graph = new RevisionGraph(files.map(({ revision }) => revision))
  const byId = new Map(files.map((file) => [file.revision.id, file]))
  const entries = graph.ids().map((id) => ({ name: `revision_${id.replace(/\W/g, '_')}`, file: path.basename(byId.get(id)?.path ?? '') }))
  const typed = extension.endsWith('ts')
  return [
    `${mark}: all revisions, oldest first, for bundles. */`,
    ...(typed ? [`import type { Revision } from 'tidemark/migrate';`] : []),
    ...entries.map(({ name, file }) => `import ${name} from './${file}';`),
    '',
    `export const revisions${typed ? ': readonly Revision[]' : ''} = [${entries.map(({ name }) => name).join(', ')}];`,
    '',
  ].join('\n')
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}
