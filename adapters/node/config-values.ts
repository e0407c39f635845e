/** What each setting must be. Texts of the environment and of flags are accepted wherever a configuration file has a value. */
import * as v from 'valibot'
import { resolveThresholds } from '../../src/reports/health.ts'
import type { GivenThresholds } from '../../src/reports/quality-report.ts'
import { thresholdsInput } from '../../src/reports/threshold-input.ts'
import { logLevels } from './logger.ts'
import { parseTextList } from './text-list.ts'
import { parseThresholds, rateNames } from './threshold-text.ts'

const wholeNumber = (minimum: number, message: string) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.trim(), v.regex(/^\d{1,15}$/), v.transform(Number))], message),
    v.safeInteger(message),
    v.minValue(minimum, message),
  )

const yesOrNo = (message: string) =>
  v.union(
    [
      v.boolean(),
      v.pipe(v.string(), v.trim(), v.toLowerCase(), v.picklist(['true', '1', 'yes']), v.transform(() => true)),
      v.pipe(v.string(), v.trim(), v.toLowerCase(), v.picklist(['false', '0', 'no']), v.transform(() => false)),
    ],
    message,
  )

const text = (message: string) => v.pipe(v.string(message), v.trim(), v.nonEmpty(message))

// What cannot stand in an HTTP header cannot be a token; a pasted line break or a half-copied pair of words is caught here.
const secret = v.pipe(text('must be a text'), v.regex(/^[\x21-\x7e]+$/, 'must be one word of plain characters, without spaces'))

const httpUrl = v.pipe(
  text('must be a URL'),
  v.check((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'must be a http or https URL'),
  v.check((value) => !URL.canParse(value) || new URL(value).username + new URL(value).password === '', 'must not contain a user or password; the token has its own setting'),
)

const productIdsMessage = 'must be product ids: one, a list like 1,2 or a JSON list'
const productId = wholeNumber(1, productIdsMessage)

const thresholdsMessage = `must be rates with a warning and a critical fraction: ${rateNames.join(', ')}=0.1,0.2, or in a file { "rejectionRate": { "warning": 0.1, "critical": 0.2 } }`
const thresholds = v.pipe(
  v.union([v.pipe(v.string(), v.transform(parseThresholds)), v.unknown()]),
  v.custom<GivenThresholds>((value) => v.is(thresholdsInput, value), thresholdsMessage),
  v.check(comeInOrder, 'a rate must reach its warning before its critical threshold'),
)

function comeInOrder(given: GivenThresholds): boolean {
  try {
    resolveThresholds(given)
    return true
  } catch {
    return false
  }
}

/** The settings other than the database, whose form depends on where it was given. */
export const settingSchemas = {
  customerId: v.exactOptional(wholeNumber(1, 'must be a whole number above 0')),
  token: v.exactOptional(secret),
  baseUrl: v.exactOptional(httpUrl),
  productIds: v.exactOptional(
    v.pipe(
      v.union([v.array(v.unknown()), v.number(), v.string()], productIdsMessage),
      v.transform((value) => (typeof value === 'string' ? (parseTextList(value) ?? [value]) : [value].flat())),
      v.minLength(1, productIdsMessage),
      v.array(productId, productIdsMessage),
    ),
  ),
  since: v.exactOptional(text('must be a date or a phrase like "30 days ago"')),
  refreshSeconds: v.exactOptional(wholeNumber(1, 'must be a whole number of seconds, 1 or more')),
  skipMigrations: v.exactOptional(yesOrNo('must be true or false')),
  logLevel: v.exactOptional(v.picklist(logLevels, `must be one of ${logLevels.join(', ')}`)),
  httpToken: v.exactOptional(secret),
  thresholds: v.exactOptional(thresholds),
}
