/**
 * Takes the credentials of test environments out of an answer before anything else sees it. Inside an environment the
 * keys `username`, `password` and `access` (free text, or a link) go with all that is under them; the user-info part of
 * a URL goes everywhere, because people paste such URLs into titles, steps and comments too. Nothing else is changed.
 */

/** The JSON value without the credentials. The given one is left as it is; parts that hold none are shared with it. */
export function stripCredentials(json: unknown): unknown {
  return strip(json, false)
}

const ENVIRONMENT_KEYS: ReadonlySet<string> = new Set(['environment', 'environments', 'test_environment', 'test_environments'])
const CREDENTIAL_KEYS: ReadonlySet<string> = new Set(['username', 'password', 'access'])

function strip(value: unknown, inEnvironment: boolean): unknown {
  if (typeof value === 'string') return inEnvironment ? withoutUserInfoAnywhere(value) : withoutUserInfo(value)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? stripItems(value, inEnvironment) : stripFields(value as Readonly<Record<string, unknown>>, inEnvironment)
}

function stripItems(items: readonly unknown[], inEnvironment: boolean): readonly unknown[] {
  let stripped: unknown[] | undefined
  items.forEach((item, index) => {
    const kept = strip(item, inEnvironment)
    if (kept !== item) (stripped ??= [...items])[index] = kept
  })
  return stripped ?? items
}

function stripFields(fields: Readonly<Record<string, unknown>>, inEnvironment: boolean): Readonly<Record<string, unknown>> {
  // Made when something changes, since next to nothing does. A map, so that a key `__proto__` stays a key.
  let stripped: Map<string, unknown> | undefined
  for (const key of Object.keys(fields)) {
    const word = key.toLowerCase()
    const field = fields[key]
    if (inEnvironment && CREDENTIAL_KEYS.has(word)) (stripped ??= new Map(Object.entries(fields))).delete(key)
    else {
      const kept = strip(field, inEnvironment || ENVIRONMENT_KEYS.has(word))
      if (kept !== field) (stripped ??= new Map(Object.entries(fields))).set(key, kept)
    }
  }
  return stripped === undefined ? fields : Object.fromEntries(stripped)
}

// All expressions are linear in the length of the text: strangers write it. The user-info reaches to the last @ before
// the path; URL parsers take backslashes for slashes.
const USER_INFO = /(:[\\/]+)[^\s\\/?#]*@/g

function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, '$1') : text
}

// What people type into an environment: no scheme, or a password with a blank or a slash in it.
const WITHOUT_SCHEME = /(?<![^\s([<"'])(?:\/\/)?[^\s\\/?#@:([<"']+:[^\s\\/?#]{0,200}@/g
const WITH_BLANKS = /^(\s*(?:[a-z][a-z0-9+.-]*:)?[\\/]{2})[^\\/?#]*@/i
const UNREADABLE = /^(\s*(?:[a-z][a-z0-9+.-]*:)?[\\/]{2}).*@/is

function withoutUserInfoAnywhere(text: string): string {
  if (!text.includes('@')) return text
  const stripped = withoutUserInfo(text.replace(WITH_BLANKS, '$1')).replace(WITHOUT_SCHEME, '')
  return URL.canParse(stripped, 'https://any.invalid') ? stripped : stripped.replace(UNREADABLE, '$1')
}
