/** Where each setting came from, and everything that is wrong with the configuration. Secrets are only said to be set. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { check, type Finding } from '../../../src/doctor/finding.ts'
import type { ReadSettings } from '../../node/config.ts'
import { waysToGive, type SettingName } from '../../node/config-places.ts'
import { databaseUrlForPeople } from '../../node/database-url.ts'
import { letsIn } from '../../node/file-mode.ts'
import { passwordsOfUrl } from '../../node/secrets.ts'
import { isOpenToEavesdroppers } from '../session.ts'

export async function checkSettings(settings: ReadSettings): Promise<readonly Finding[]> {
  const { values, mistakes } = settings
  const { customerId } = values
  const customer = check('configuration', 'customer')
  return [
    await checkFile(settings),
    ...mistakes.map((mistake) => check('configuration', 'mistake').failed('A setting cannot be used', `${mistake.replace(/\.$/, '')}.`, 'Correct it there: no other command starts before.')),
    ...(values.database === undefined ? [] : [told(settings, 'database', `Database: ${databaseUrlForPeople(values.database)}`)]),
    ...(customerId !== undefined ? [told(settings, 'customerId', `Customer: ${customerId}`)]
      : settings.given.has('customerId') ? [] : [customer.failed('The customer is missing', 'No place says which customer account this is about.', `Run "tidemark setup", or give ${waysToGive('customerId')}.`)]),
    ...(settings.given.has('token') && values.token === undefined ? [] : [values.token === undefined ? check('configuration', 'token').ok('API token: not set') : told(settings, 'token', 'API token: set')]),
    ...(settings.given.has('baseUrl') && values.baseUrl === undefined ? [] : [checkBaseUrl(settings)]),
    ...checkOthers(settings),
  ]
}

function told({ given }: ReadSettings, name: SettingName, what: string): Finding {
  return check('configuration', name).ok(`${what} (${given.get(name)?.source ?? 'default'})`)
}

async function checkFile({ file, given }: ReadSettings): Promise<Finding> {
  const configuration = check('configuration', 'file')
  if (file.path === null) return configuration.ok('No configuration file is used')
  const name = path.basename(file.path)
  const hasSecret = [...given].some(([setting, { value, source }]) => isSecret(setting, value) && source.endsWith(` in ${name}`))
  const mode = (await stat(file.path).catch(() => undefined))?.mode ?? 0
  if (!hasSecret || !letsIn('anybody', mode)) return configuration.ok(`Configuration file: ${file.path}`)
  return configuration.warning(`Configuration file: ${file.path}`, 'It holds a token or a password, and others on this machine may read it.', `Run "chmod 600 ${name}" in its folder.`)
}

function isSecret(name: SettingName, value: unknown): boolean {
  return name === 'token' || name === 'httpToken' || (name === 'database' && typeof value === 'string' && passwordsOfUrl(value).length > 0)
}

function checkBaseUrl(settings: ReadSettings): Finding {
  const { baseUrl } = settings.values
  if (baseUrl === undefined) return told(settings, 'baseUrl', 'API: that of TestIO')
  const { origin, pathname } = new URL(baseUrl)
  const api = told(settings, 'baseUrl', `API: ${origin}${pathname}`)
  if (!isOpenToEavesdroppers(baseUrl)) return api
  return check('configuration', 'baseUrl').warning(api.what, 'The API token travels unencrypted, because it is a http URL.', 'Give the https URL of the API.')
}

/** Those that have a value. */
function checkOthers(settings: ReadSettings): readonly Finding[] {
  const { productIds, since, refreshSeconds, skipMigrations, logLevel, httpToken, thresholds } = settings.values
  return [
    ...(productIds === undefined ? [] : [told(settings, 'productIds', `Products to sync: ${productIds.join(', ')}`)]),
    ...(since === undefined ? [] : [told(settings, 'since', `Sync since: ${since}`)]),
    ...(refreshSeconds === undefined ? [] : [told(settings, 'refreshSeconds', `Stale after: ${refreshSeconds} seconds`)]),
    ...(logLevel === undefined ? [] : [told(settings, 'logLevel', `Log level: ${logLevel}`)]),
    ...(httpToken === undefined ? [] : [told(settings, 'httpToken', 'Token of the HTTP server: set')]),
    ...(thresholds === undefined ? [] : [told(settings, 'thresholds', 'Thresholds of rates: set')]),
    ...(skipMigrations === true
      ? [check('configuration', 'skipMigrations').warning(
          `Migrations are skipped (${settings.given.get('skipMigrations')?.source ?? 'default'})`, 'A database that is behind stays behind, and answers may fail or be wrong.', 'Take the setting out, unless you move the database by hand.',
        )]
      : []),
  ]
}
