/** Where each setting can be given, and which place wins. Knows names, not what a value must be. */
import path from 'node:path'
import { isObject } from '../../src/is-object.ts'
import type { ConfigFile } from './config-file.ts'

export interface ConfigurationSources {
  /** What was given on the command line; the strongest. */
  readonly flags: {
    readonly database?: string | undefined
    readonly customer?: string | undefined
    readonly config?: string | undefined
    readonly logLevel?: string | undefined
  }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the configuration file is looked for, and what relative paths of flags and environment start from. */
  readonly cwd: string
}

interface Place {
  /** A secret has none: the arguments of a process can be read by others. */
  readonly flag?: { readonly key: keyof ConfigurationSources['flags']; readonly name: string; readonly usage: string }
  readonly env: string
  /** Dotted path in the configuration file. */
  readonly file: string
}

export const places = {
  database: { flag: { key: 'database', name: '--database', usage: '--database URL' }, env: 'TIDEMARK_DATABASE_URL', file: 'database' },
  customerId: { flag: { key: 'customer', name: '--customer', usage: '--customer N' }, env: 'TIDEMARK_CUSTOMER_ID', file: 'customerId' },
  token: { env: 'TESTIO_API_TOKEN', file: 'testio.token' },
  baseUrl: { env: 'TESTIO_API_BASE_URL', file: 'testio.baseUrl' },
  productIds: { env: 'TIDEMARK_PRODUCT_IDS', file: 'productIds' },
  since: { env: 'TIDEMARK_SYNC_SINCE', file: 'syncSince' },
  refreshSeconds: { env: 'TIDEMARK_REFRESH_SECONDS', file: 'refreshSeconds' },
  skipMigrations: { env: 'TIDEMARK_SKIP_MIGRATIONS', file: 'skipMigrations' },
  logLevel: { flag: { key: 'logLevel', name: '--log-level', usage: '--log-level LEVEL' }, env: 'TIDEMARK_LOG_LEVEL', file: 'logLevel' },
  httpToken: { env: 'TIDEMARK_HTTP_TOKEN', file: 'httpToken' },
  thresholds: { env: 'TIDEMARK_THRESHOLDS', file: 'thresholds' },
} as const satisfies Readonly<Record<string, Place>>

export type SettingName = keyof typeof places

export interface GivenSetting {
  readonly value: unknown
  /** For people: `--customer`, `TIDEMARK_CUSTOMER_ID`, `customerId in tidemark.config.json`. */
  readonly source: string
  /** What a relative path in the value starts from. */
  readonly folder: string
}

/** The strongest value of every setting that was given at all. An empty variable counts as not given. */
export function strongestValues(sources: ConfigurationSources, file: ConfigFile): ReadonlyMap<SettingName, GivenSetting> {
  const found = new Map<SettingName, GivenSetting>()
  for (const [name, place] of Object.entries<Place>(places)) {
    const fileValue = valueAt(file.values, place.file)
    const flagValue = place.flag && sources.flags[place.flag.key]
    const envValue = sources.env[place.env]?.trim()
    const given: GivenSetting | undefined =
      place.flag !== undefined && flagValue !== undefined
        ? { value: flagValue, source: place.flag.name, folder: sources.cwd }
        : envValue !== undefined && envValue !== ''
          ? { value: envValue, source: place.env, folder: sources.cwd }
          : file.path !== null && fileValue !== undefined
            ? { value: fileValue, source: `${place.file} in ${path.basename(file.path)}`, folder: path.dirname(file.path) }
            : undefined
    if (given !== undefined && isSettingName(name)) found.set(name, given)
  }
  return found
}

/** The three ways in which a missing setting can be given, for people. */
export function waysToGive(name: SettingName): string {
  const place: Place = places[name]
  return [...(place.flag === undefined ? [] : [place.flag.usage]), place.env, `${place.file} in tidemark.config.json`].join(' or ')
}

/** Dotted names in the file that are no setting. */
export function unknownKeys(file: ConfigFile): readonly string[] {
  const known = new Set<string>(Object.values(places).map((place) => place.file))
  return leafKeys(file.values, known).filter((key) => !known.has(key))
}

function leafKeys(value: unknown, known: ReadonlySet<string>, prefix = ''): readonly string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = `${prefix}${key}`
    const isGroup = [...known].some((setting) => setting.startsWith(`${name}.`))
    return isGroup && isObject(inner) ? leafKeys(inner, known, `${name}.`) : [name]
  })
}

function valueAt(values: unknown, dottedPath: string): unknown {
  return dottedPath.split('.').reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), values)
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(places, name)
}
