/**
 * The configuration of a program, from the strongest source to the weakest: flags, environment, `tidemark.config.*`,
 * defaults. Every mistake of every source is found in one go; a wrong or missing value is never replaced by another.
 */
import path from 'node:path'
import * as v from 'valibot'
import { isObject } from '../../src/is-object.ts'
import type { GivenThresholds } from '../../src/reports/quality-report.ts'
import { readConfigFile, type ConfigFile } from './config-file.ts'
import { configurationInvalid } from './config-mistakes.ts'
import { strongestValues, unknownKeys, waysToGive, type ConfigurationSources, type GivenSetting, type SettingName } from './config-places.ts'
import { settingSchemas } from './config-values.ts'
import { defaultDatabaseFile } from './data-directory.ts'
import { databaseAt } from './database-setting.ts'
import type { DatabaseLocation } from './database-url.ts'
import type { LogLevel } from './logger.ts'
import { passwordsOfUrl } from './secrets.ts'

export interface Configuration {
  /** Default: SQLite in the user's data directory. */
  readonly database: DatabaseLocation
  readonly customerId?: number
  readonly token?: string
  /** Default: the client's, which is the production API. */
  readonly baseUrl?: string
  /** What a sync covers when it is not told. Default: all products. */
  readonly productIds?: readonly number[]
  /** A time phrase; how far back a sync reads when it is not told. Default: everything. */
  readonly since?: string
  readonly refreshSeconds?: number
  readonly skipMigrations?: boolean
  readonly logLevel?: LogLevel
  /** What clients of the HTTP server have to present. */
  readonly httpToken?: string
  /** Where rates of a report begin to worry, when it is not told. */
  readonly thresholds?: GivenThresholds
}

/** Settings that a command may insist on. */
export type Need = 'customerId' | 'token'
export type ConfigurationWith<N extends Need> = Configuration & { readonly [K in N]-?: NonNullable<Configuration[K]> }

/** What was given, where, and what is wrong with it. */
export interface ReadSettings {
  readonly file: ConfigFile
  readonly given: ReadonlyMap<SettingName, GivenSetting>
  /** What is right; the database is missing where a wrong one was given. */
  readonly values: Omit<Configuration, 'database'> & { readonly database?: DatabaseLocation }
  /** Each with its place, without the values. */
  readonly mistakes: readonly string[]
}

/** Reads every source, whatever is wrong in it. Never throws. */
export async function readSettings(sources: ConfigurationSources): Promise<ReadSettings> {
  const file = await readConfigFile(sources.cwd, 'tidemark', sources.flags.config)
  const given = strongestValues(sources, file)
  const { database: databaseGiven, ...rest } = Object.fromEntries(given)
  const schema = v.object(settingSchemas)
  const inputs = Object.entries(rest).map(([name, { value }]) => [name, value] as const)
  const { issues = [] } = v.safeParse(schema, Object.fromEntries(inputs))
  const wrong = new Set(issues.map((issue) => issue.path?.[0]?.key))
  const database = databaseGiven === undefined ? { location: { engine: 'sqlite', file: defaultDatabaseFile() } as const, mistake: null } : databaseAt(databaseGiven)
  return {
    file,
    given,
    values: { ...v.parse(schema, Object.fromEntries(inputs.filter(([name]) => !wrong.has(name)))), ...(database.mistake === null ? { database: database.location } : {}) },
    mistakes: [...mistakesOfFile(file), ...(database.mistake === null ? [] : [database.mistake]), ...issues.map((issue) => describe(issue, given))],
  }
}

/**
 * @param needs settings without which the caller cannot work; they are defined in the result
 * @throws TidemarkError `configuration_invalid`, listing every mistake and every missing setting
 */
export async function readConfiguration<const N extends Need = never>(
  sources: ConfigurationSources,
  needs: readonly N[] = [],
): Promise<ConfigurationWith<N>> {
  const { given, values: { database, ...values }, mistakes: wrong } = await readSettings(sources)
  const missing = needs.filter((need) => !given.has(need))
  const mistakes = [...wrong, ...missing.map((need) => `${labels[need]} is missing: give ${waysToGive(need)}`)]
  if (mistakes.length > 0 || database === undefined) throw configurationInvalid(mistakes, { isIncomplete: missing.length > 0 })
  const configuration: Configuration = { ...values, database }
  if (!hasAll(configuration, needs)) throw configurationInvalid(['a needed setting is missing'])
  return configuration
}

/** Everything in the configuration that nobody may see. */
export function secretsOf({ token, httpToken, database }: ReadSettings['values']): readonly string[] {
  const passwords = database?.engine === 'postgres' ? passwordsOfUrl(database.url) : []
  return [token, httpToken, ...passwords].filter((secret) => secret !== undefined)
}

const labels: Readonly<Record<Need, string>> = { customerId: 'The customer', token: 'The API token' }

function mistakesOfFile(file: ConfigFile): readonly string[] {
  const name = file.path === null ? '' : path.basename(file.path)
  const shape = isObject(file.values) ? null : `${name}: must give an object`
  return [file.mistake, shape, ...unknownKeys(file).map((key) => `${name}: "${key.slice(0, 60)}" is no setting`)].filter((mistake) => mistake !== null)
}

/** Without the value: it can be a secret. */
function describe(issue: v.BaseIssue<unknown>, given: ReadonlyMap<SettingName, GivenSetting>): string {
  const name = issue.path?.[0]?.key
  const source = [...given].find(([setting]) => setting === name)?.[1].source ?? 'configuration'
  return `${source}: ${issue.message}`
}

function hasAll<N extends Need>(configuration: Configuration, needs: readonly N[]): configuration is ConfigurationWith<N> {
  return needs.every((need) => configuration[need] !== undefined)
}
