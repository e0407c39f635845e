/**
 * The configuration of a project with a schema of its own: what `defineConfig` of `tidemark/migrate` gives, checked, with
 * absolute paths. A folder without such a file is no project, which is no mistake.
 */
import path from 'node:path'
import * as v from 'valibot'
import type { MigrationsConfig } from '../../src/migrate/define-config.ts'
import { readConfigFile, type ConfigFile } from './config-file.ts'
import { configurationInvalid } from './config-mistakes.ts'
import { strongestValues, type ConfigurationSources } from './config-places.ts'
import { databaseAt } from './database-setting.ts'
import type { DatabaseLocation } from './database-url.ts'
import { mistakeInFileName } from './file-name-template.ts'
import { logLevels, type LogLevel } from './logger.ts'

export interface ProjectConfiguration {
  /** The configuration file. */
  readonly path: string
  /** Null: nobody named one, which only matters to what needs a database. */
  readonly database: DatabaseLocation | null
  readonly schema: string | null
  readonly migrations: string
  readonly versionTable?: string | undefined
  readonly historyTable?: string | undefined
  /** Default: see `fileNameOf`. */
  readonly fileName?: string | undefined
  readonly include?: MigrationsConfig['include']
  readonly logLevel: LogLevel
}

/**
 * The project's configuration; null where the folder, or the file that was asked for, is about Tidemark itself.
 *
 * @throws TidemarkError `configuration_invalid`, listing every mistake
 */
export async function readProjectConfiguration(sources: ConfigurationSources): Promise<ProjectConfiguration | null> {
  const file = await readConfigFile(sources.cwd, 'project', sources.flags.config)
  if (file.mistake !== null) throw configurationInvalid([file.mistake])
  if (file.path === null) return null
  const given = strongestValues(sources, file)
  const database = given.get('database')
  const reading = database === undefined ? { location: null, mistake: null } : databaseAt(database)
  const values = v.safeParse(projectSchema, file.values)
  const logLevel = v.safeParse(logLevelSchema, given.get('logLevel')?.value ?? 'warn')
  const mistakes = [
    ...(reading.mistake === null ? [] : [reading.mistake]),
    ...(values.issues ?? []).map((issue) => describe(issue, file)),
    ...(logLevel.issues ?? []).map((issue) => `${given.get('logLevel')?.source ?? 'log level'}: ${issue.message}`),
  ]
  if (mistakes.length > 0 || !values.success || !logLevel.success || reading.mistake !== null) throw configurationInvalid(mistakes)
  const { schema, migrations, database: _database, ...rest } = values.output
  const inFolder = (relative: string) => path.resolve(path.dirname(file.path ?? sources.cwd), relative)
  return { ...rest, path: file.path, database: reading.location, schema: schema === undefined ? null : inFolder(schema), migrations: inFolder(migrations), logLevel: logLevel.output }
}

const text = (message: string) => v.pipe(v.string(message), v.trim(), v.nonEmpty(message))
const table = v.optional(v.pipe(text('must be the name of a table'), v.regex(/^[^"\s.]{1,63}$/, 'must be the name of a table, without schema, quotes and white space')))

const projectSchema: v.GenericSchema<unknown, MigrationsConfig> = v.strictObject({
  database: v.optional(v.unknown() as v.GenericSchema<unknown, string>),
  schema: v.optional(text('must be the path of the module with the schema')),
  migrations: text('must be the path of the folder with the revisions'),
  versionTable: table,
  historyTable: table,
  fileName: v.optional(v.pipe(text('must be a template like %Y%m%d_%H%M_%rev_%slug.ts'), v.rawCheck(({ dataset, addIssue }) => {
    const mistake = dataset.typed ? mistakeInFileName(dataset.value) : null
    if (mistake !== null) addIssue({ message: mistake })
  }))),
  include: v.optional(v.custom<NonNullable<MigrationsConfig['include']>>((value) => typeof value === 'function', 'must be a function of kind and name')),
})

const logLevelSchema = v.picklist(logLevels, `must be one of ${logLevels.join(', ')}`)

function describe(issue: v.BaseIssue<unknown>, file: ConfigFile): string {
  const name = path.basename(file.path ?? '')
  const key = v.getDotPath(issue)?.slice(0, 60) ?? ''
  if (key === '') return `${name}: must give an object`
  return issue.type === 'strict_object' && issue.expected === 'never' ? `${name}: "${key}" is no setting of a project's migrations` : `${key} in ${name}: ${issue.message}`
}
