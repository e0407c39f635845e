/** From the configuration to an open Tidemark and back: what every command that reads or writes the local copy runs in. */
import { isLoopback } from '../../src/loopback.ts'
import type { Logger, Tidemark } from '../../src/tidemark.ts'
import { readConfiguration, secretsOf, type Configuration, type ConfigurationWith, type Need } from '../node/config.ts'
import { createLogger } from '../node/logger.ts'
import { programName } from '../node/program-name.ts'
import type { Invocation } from './invocation.ts'
import { openStorage } from './open-storage.ts'

/** Reads the configuration and protects its secrets. */
export async function configure<const N extends Need = never>(invocation: Invocation, needs: readonly N[] = []): Promise<ConfigurationWith<N>> {
  const { flags, io } = invocation
  const configuration = await readConfiguration({ flags, env: io.env, cwd: io.cwd }, needs)
  invocation.protect(secretsOf(configuration))
  return configuration
}

export function loggerOf(invocation: Invocation, configuration: Pick<Configuration, 'logLevel'>): Logger {
  return createLogger({
    level: configuration.logLevel ?? 'warn',
    write: (line) => invocation.note(line.trimEnd()),
  })
}

/** Opens the Tidemark that the configuration describes; with the API when there is a token. The caller closes it. */
export async function openConfigured(invocation: Invocation, configuration: ConfigurationWith<'customerId'>): Promise<Tidemark> {
  const { openTidemark } = await import('../../src/mod.ts')
  const logger = loggerOf(invocation, configuration)
  if (configuration.token !== undefined && isOpenToEavesdroppers(configuration.baseUrl)) {
    logger.warn('The API token travels unencrypted, because the base URL of the API is a http one.')
  }
  return openTidemark({
    storage: await openStorage(configuration.database),
    customerId: configuration.customerId,
    testio: configuration.token === undefined ? undefined : { token: configuration.token, baseUrl: configuration.baseUrl },
    migrations: configuration.skipMigrations === true ? 'skip' : 'apply',
    refreshSeconds: configuration.refreshSeconds,
    thresholds: configuration.thresholds,
    programName: programName(invocation.commandName),
    logger,
  })
}

/** What is sent there can be read on the way. */
export function isOpenToEavesdroppers(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return false
  const { protocol, hostname } = new URL(baseUrl)
  return protocol === 'http:' && !isLoopback(hostname)
}

/** Runs `work` and closes what it was given, whatever happens; the first error wins. */
export async function closing<T extends { close(): Promise<void> }, R>(resource: T, work: (resource: T) => Promise<R>): Promise<R> {
  let result: R
  try {
    result = await work(resource)
  } catch (error) {
    await resource.close().catch(() => undefined)
    throw error
  }
  await resource.close()
  return result
}

/** Configures, opens, runs `work`, closes. */
export async function withTidemark<const N extends Need, R>(
  invocation: Invocation,
  needs: readonly N[],
  work: (tidemark: Tidemark, configuration: ConfigurationWith<N | 'customerId'>) => Promise<R>,
): Promise<R> {
  const configuration = await configure<N | 'customerId'>(invocation, ['customerId', ...needs])
  return closing(await openConfigured(invocation, configuration), (tidemark) => work(tidemark, configuration))
}
