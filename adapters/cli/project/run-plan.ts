/** What an upgrade or a downgrade would do: the steps, as far as the history and the version table tell. Changes nothing. */
import type { Migrator, PlannedStep } from '../../../src/migrate/migrator.ts'
import type { Project } from './project.ts'

export interface RunPlan {
  /** Rows of the version table before and after. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** In the order in which they run. */
  readonly steps: readonly (PlannedStep & { readonly durationMs?: number })[]
}

/** @throws TidemarkError `revision_target_invalid`, `database_unknown_revision` */
export async function planUpgrade(project: Project, migrator: Migrator, targets: readonly string[]): Promise<RunPlan> {
  const from = await migrator.current()
  const ids = migrator.graph.upgradePath(from, targets)
  return { from, to: migrator.graph.headsAfter(from, ids, 'up'), steps: ids.map((id) => ({ revision: id, message: messageOf(project, id), direction: 'upgrade' })) }
}

/** @throws TidemarkError `revision_target_invalid`, `database_unknown_revision` */
export async function planDowngrade(project: Project, migrator: Migrator, target: string): Promise<RunPlan> {
  const from = await migrator.current()
  const ids = migrator.graph.downgradePath(from, target)
  const steps = ids.map((id): PlannedStep => {
    const { lossy, irreversible } = project.revisions.find((revision) => revision.id === id) ?? {}
    return { revision: id, message: messageOf(project, id), direction: 'downgrade', lossy, irreversible }
  })
  return { from, to: migrator.graph.headsAfter(from, ids, 'down'), steps }
}

function messageOf(project: Project, id: string): string {
  return project.revisions.find((revision) => revision.id === id)?.message ?? ''
}
