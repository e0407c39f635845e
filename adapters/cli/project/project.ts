/**
 * What the migrate commands are about: the project in whose folder they run, or Tidemark's own database where there is no
 * project. Opens no database and runs no revision; both happen when a command needs them.
 */
import path from 'node:path'
import { TidemarkError } from '../../../src/errors.ts'
import type { MigrationsConfig } from '../../../src/migrate/define-config.ts'
import type { Revision } from '../../../src/migrate/revision.ts'
import { tidemarkRevisions } from '../../../src/migrate/tidemark-migrator.ts'
import { isDeclarable } from '../../../src/model/declarable.ts'
import type { Schema } from '../../../src/schema/table.ts'
import { configurationInvalid } from '../../node/config-mistakes.ts'
import { waysToGive } from '../../node/config-places.ts'
import type { DatabaseLocation } from '../../node/database-url.ts'
import { defaultFileName } from '../../node/file-name-template.ts'
import { loadModule, reasonOf } from '../../node/load-module.ts'
import type { LogLevel } from '../../node/logger.ts'
import { readProjectConfiguration, type ProjectConfiguration } from '../../node/project-config.ts'
import { passwordsOfUrl } from '../../node/secrets.ts'
import type { Invocation } from '../invocation.ts'
import { configure } from '../session.ts'
import { readRevisionFiles } from './revision-files.ts'

export interface ProjectFiles {
  /** Absolute, like the configuration file. */
  readonly folder: string
  readonly configuration: string
  /** Template of the names of revision files. */
  readonly fileName: string
}

export interface Project {
  /** Where new revision files go; null for Tidemark itself, whose revisions come with the program. */
  readonly files: ProjectFiles | null
  readonly revisions: readonly Revision[]
  /** Absolute; undefined for a revision that comes with the program. */
  fileOf(id: string): string | undefined
  /** Runs the files of these revisions, so that one that cannot be run is found before anything is begun. */
  prepare(ids: readonly string[]): Promise<void>
  /** The declared schema; undefined where the project has none. Runs its module, at most once. */
  schema(): Promise<Schema | undefined>
  /** @throws TidemarkError `configuration_invalid` when nobody named one */
  database(): DatabaseLocation
  readonly versionTable?: string | undefined
  readonly historyTable?: string | undefined
  readonly include?: MigrationsConfig['include']
  readonly logLevel: LogLevel
}

/** @throws TidemarkError `configuration_invalid`, `revision_invalid`, `revision_graph_invalid` */
export async function readProject(invocation: Invocation): Promise<Project> {
  const { flags, io } = invocation
  const configuration = await readProjectConfiguration({ flags, env: io.env, cwd: io.cwd })
  return configuration === null ? tidemarkProject(invocation) : userProject(invocation, configuration)
}

async function tidemarkProject(invocation: Invocation): Promise<Project> {
  const { database, logLevel = 'warn' } = await configure(invocation)
  return {
    files: null,
    revisions: tidemarkRevisions,
    fileOf: () => undefined,
    prepare: async () => undefined,
    schema: async () => (await import('../../../src/model/schema.ts')).schema,
    database: () => database,
    include: isDeclarable,
    logLevel,
  }
}

async function userProject(invocation: Invocation, configuration: ProjectConfiguration): Promise<Project> {
  const { database, migrations, fileName = defaultFileName, versionTable, historyTable, include, logLevel } = configuration
  if (database?.engine === 'postgres') invocation.protect(passwordsOfUrl(database.url))
  const files = new Map((await readRevisionFiles(migrations)).map((file) => [file.revision.id, file]))
  let schema: Promise<Schema | undefined> | undefined
  return {
    files: { folder: migrations, configuration: configuration.path, fileName },
    revisions: [...files.values()].map(({ revision }) => revision),
    fileOf: (id) => files.get(id)?.path,
    prepare: async (ids) => {
      for (const id of ids) await files.get(id)?.load()
    },
    schema: () => (schema ??= loadSchema(configuration.schema)),
    database: () => {
      if (database === null) throw configurationInvalid([`The database is missing: give ${waysToGive('database')}`])
      return database
    },
    versionTable,
    historyTable,
    include,
    logLevel,
  }
}

async function loadSchema(file: string | null): Promise<Schema | undefined> {
  if (file === null) return undefined
  let module: unknown
  try {
    module = await loadModule(file)
  } catch (cause) {
    throw schemaInvalid(file, `It cannot be run: ${reasonOf(cause)}.`, cause)
  }
  if (!isSchema(module)) throw schemaInvalid(file, 'It has no default export made by `defineSchema`.')
  return module
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'tables' in value && value.tables instanceof Map && 'naming' in value
}

function schemaInvalid(file: string, why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('schema_invalid', `Cannot use the schema in ${path.basename(file)}`, {
    why, next: 'Correct the module that `schema` in the configuration names.', cause, details: { file },
  })
}
