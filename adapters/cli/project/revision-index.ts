/** The list of a project's revisions as a module, so that a bundle needs no file system to find them. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { detectStyle } from '../../../src/migrate/autogenerate/code-style.ts'
import { renderIndex } from '../../../src/migrate/autogenerate/render-index.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { systemCode } from '../../../src/errors.ts'
import type { ProjectFiles } from './project.ts'
import { readRevisionFiles, type RevisionFile } from './revision-files.ts'

export interface RevisionIndex {
  readonly path: string
  /** What it has to be. */
  readonly text: string
  /** Null where there is none. */
  readonly found: string | null
}

/** The index of the folder, as it is and as it should be: in the language of the revisions, in the style that it has. */
export async function readRevisionIndex({ folder, configuration, fileName }: ProjectFiles): Promise<RevisionIndex> {
  const extension = path.extname(fileName)
  const file = path.join(folder, `index${extension}`)
  const [files, found] = await Promise.all([readRevisionFiles(folder), textOf(file)])
  const style = detectStyle(found ?? (await readFile(configuration, 'utf8')))
  return { path: file, text: renderIndex(oldestFirst(files), { style, types: extension.endsWith('ts') }), found }
}

/** Writes the index where it is not what it should be; gives its path. */
export async function writeRevisionIndex(files: ProjectFiles): Promise<string> {
  const { path: file, text, found } = await readRevisionIndex(files)
  if (text !== found) await writeFileAtomic(file, text)
  return file
}

/** Whether a text was written here, and not by a person. */
export function isWritten(text: string): boolean {
  return text.split('\n', 1)[0]?.includes('Written by `tidemark migrate`') === true
}

function oldestFirst(files: readonly RevisionFile[]): Parameters<typeof renderIndex>[0] {
  const byId = new Map(files.map((file) => [file.revision.id, file]))
  const sorted = new RevisionGraph(files.map(({ revision }) => revision)).ids().flatMap((id) => byId.get(id) ?? [])
  return sorted.map(({ path: file, revision }) => ({ specifier: `./${path.basename(file)}`, id: revision.id, message: revision.message }))
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}
