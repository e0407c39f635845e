/** The script of an upgrade or a downgrade, for a database that this program does not reach. Touches no database of anybody. */
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { offlineScript } from '../../../src/migrate/offline/offline-script.ts'
import type { Direction } from '../../../src/migrate/migration-plan.ts'
import { openShadow } from '../../../src/migrate/shadow.ts'
import { closing } from '../session.ts'
import type { Project } from './project.ts'
import { withShadows } from './shadow-room.ts'

/**
 * @param targets one range `A:B`, or targets as for a run; an upgrade then starts with an empty database
 * @throws TidemarkError as `offlineScript`
 */
export async function sqlScript(project: Project, direction: Direction, targets: readonly string[]): Promise<string> {
  const { revisions, versionTable, historyTable } = project
  const [target = 'head'] = targets
  const dialect = project.database().engine === 'sqlite' ? 'sqlite' : 'postgres'
  await project.prepare(revisions.map(({ id }) => id))
  const naming = (await project.schema())?.naming
  const script = { graph: new RevisionGraph(revisions), revisions, dialect, direction, versionTable, historyTable, naming, ...(targets.length > 1 ? { target: targets } : { range: target }) } as const
  if (dialect === 'postgres') return offlineScript(script)
  // What SQLite needs for a change depends on the table as it stands.
  return withShadows(undefined, async (shadows) => closing(await openShadow(shadows, dialect), (shadow) => offlineScript({ ...script, shadow })))
}
