/** From a project to a migrator on its open database and back. */
import { Migrator, type MigratorOptions } from '../../../src/migrate/migrator.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import type { Invocation } from '../invocation.ts'
import { openStorage } from '../open-storage.ts'
import { closing, loggerOf } from '../session.ts'
import type { Project } from './project.ts'

export interface MigratorSettings extends Pick<MigratorOptions, 'schema' | 'shadows'> {
  /** In seconds. */
  readonly lockTimeout?: number | undefined
}

/** Opens the database, runs `work`, closes it. */
export async function withMigrator<R>(invocation: Invocation, project: Project, settings: MigratorSettings, work: (migrator: Migrator, storage: Storage) => Promise<R>): Promise<R> {
  return closing(await openStorage(project.database()), (storage) => work(migratorOn(invocation, project, storage, settings), storage))
}

export function migratorOn(invocation: Invocation, project: Project, storage: Storage, { schema, shadows, lockTimeout }: MigratorSettings = {}): Migrator {
  const { revisions, versionTable, historyTable, include } = project
  return new Migrator({
    storage, revisions, versionTable, historyTable, include, schema, shadows,
    lock: lockTimeout === undefined ? undefined : { timeoutMs: lockTimeout * 1000 },
    logger: loggerOf(invocation, project),
  })
}
