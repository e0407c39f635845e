/** The revisions of Tidemark's own database and their migrator, for programs that move it by hand. */
import { revisions } from '../../migrations/index.ts'
import { Migrator, type MigratorOptions } from './migrator.ts'

export function tidemarkMigrator(options: Omit<MigratorOptions, 'revisions'>): Migrator {
  return new Migrator({ ...options, revisions })
}

export { revisions as tidemarkRevisions }
