/** In which style the project writes its code: that of its newest revision, else of its configuration. */
import { readFile } from 'node:fs/promises'
import { detectStyle, type CodeStyle } from '../../../src/migrate/autogenerate/code-style.ts'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import type { Project } from './project.ts'

export async function codeStyleOf(project: Project): Promise<CodeStyle> {
  const newest = new RevisionGraph(project.revisions).ids().at(-1)
  const sample = (newest === undefined ? undefined : project.fileOf(newest)) ?? project.files?.configuration
  return detectStyle(sample === undefined ? '' : await readFile(sample, 'utf8'))
}
