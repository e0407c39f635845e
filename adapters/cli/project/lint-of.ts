/** Lint of revisions of a project, with the excuses in their files. */
import { readFile } from 'node:fs/promises'
import type { LintResult } from '../../../src/migrate/lint/finding.ts'
import { lintRevisions, type LintRevisionsOptions } from '../../../src/migrate/lint/lint-revisions.ts'
import type { Revision } from '../../../src/migrate/revision.ts'
import type { Project } from './project.ts'

/** @param ids in the order in which they run */
export async function lintOf(project: Project, ids: readonly string[], options: Omit<LintRevisionsOptions, 'naming' | 'sourceOf'>): Promise<LintResult> {
  await project.prepare(ids)
  const sources = new Map(await Promise.all(ids.map(async (id) => {
    const file = project.fileOf(id)
    return [id, file === undefined ? undefined : await readFile(file, 'utf8')] as const
  })))
  return lintRevisions(revisionsOf(project, ids), { ...options, naming: (await project.schema())?.naming, sourceOf: ({ id }) => sources.get(id) })
}

export function revisionsOf(project: Project, ids: readonly string[]): readonly Revision[] {
  return ids.flatMap((id) => project.revisions.find((revision) => revision.id === id) ?? [])
}
