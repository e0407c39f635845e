/** What opening a database does about its schema: bring it to head, insist that it is there, or look away. */
import { TidemarkError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'
import { Migrator, type MigratorOptions } from './migrator.ts'
import type { Revision } from './revision.ts'

export interface EnsureSchemaOptions {
  readonly storage: Storage
  readonly revisions: readonly Revision[]
  readonly mode: 'apply' | 'verify' | 'skip'
  readonly logger?: MigratorOptions['logger']
  readonly now?: MigratorOptions['now']
  readonly lock?: MigratorOptions['lock']
}

/**
 * At head already, every mode costs one statement and runs no revision.
 *
 * @throws TidemarkError `database_behind` (verify), `database_unknown_revision`, `revision_failed`, `migration_locked`
 */
export async function ensureSchema({ mode, ...options }: EnsureSchemaOptions): Promise<void> {
  const migrator = new Migrator(options)
  if (mode === 'apply') return void (await migrator.upgrade('heads'))
  const { current, atHead } = await migrator.status()
  if (atHead) return
  const head = migrator.graph.heads().join(', ')
  if (mode === 'skip') {
    options.logger?.warn(`MIGRATIONS SKIPPED: the database is at ${current ?? 'no revision'}, this program needs ${head}. Queries may fail or be wrong. Run \`tidemark migrate upgrade\`.`)
    return
  }
  // A database that is ahead fails here, with the way back.
  await migrator.plan('heads')
  throw new TidemarkError('database_behind', 'Cannot use the database', {
    why: `It is at ${current ?? 'no revision'}, and this program needs ${head}.`,
    next: "Run `tidemark migrate upgrade`, or open it with migrations: 'apply'.",
    details: { current, head },
  })
}
