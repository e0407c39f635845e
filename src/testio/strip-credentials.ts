/**
 * Takes the credentials of test environments out of an answer before anything else sees it. Inside an environment the
 * keys `username`, `password` and `access` (free text, or a link) go with all that is under them; the user-info part of
 * a URL goes everywhere, because people paste such URLs into titles, steps and comments too. Nothing else is changed.
 */

/** A copy of a JSON value without the credentials; the value itself is left as it is. */
export function stripCredentials(json: unknown): unknown {
  return strip(json, false)
}

const ENVIRONMENT_KEYS: ReadonlySet<string> = new Set(['environment', 'environments', 'test_environment', 'test_environments'])
const CREDENTIAL_KEYS: ReadonlySet<string> = new Set(['username', 'password', 'access'])

function strip(value: unknown, inEnvironment: boolean): unknown {
  if (typeof value === 'string') return inEnvironment ? withoutUserInfoAnywhere(value) : withoutUserInfo(value)
  if (Array.isArray(value)) return value.map((item) => strip(item, inEnvironment))
  if (typeof value !== 'object' || value === null) return value
  // fromEntries defines own properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const word = key.toLowerCase()
      if (inEnvironment && CREDENTIAL_KEYS.has(word)) return []
      return [[key, strip(item, inEnvironment || ENVIRONMENT_KEYS.has(word))] as const]
    }),
  )
}

// The user-info reaches to the last @ before the path. URL parsers read `https:\\` and `https:` like `https://`.
const USER_INFO = /((?:https?|wss?|ftp):[\\/]*|[a-z][a-z0-9+.-]*:\/\/)[^\s\\/?#]*@/gi

function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, '$1') : text
}

// What people type into an environment: no scheme, or a password with a blank or a slash in it.
const WITHOUT_SCHEME = /(?<![^\s([<"'])(?:\/\/)?[^\s\\/?#@:]+:[^\s\\/?#]*@/g
const WITH_BLANKS = /^(\s*(?:[a-z][a-z0-9+.-]*:)?[\\/]{2})[^\\/?#]*@/i
const UNREADABLE = /^(\s*[a-z][a-z0-9+.-]*:[\\/]{2}).*@/is

function withoutUserInfoAnywhere(text: string): string {
  if (!text.includes('@')) return text
  const stripped = withoutUserInfo(text.replace(WITH_BLANKS, '$1')).replace(WITHOUT_SCHEME, '')
  return URL.canParse(stripped) ? stripped : stripped.replace(UNREADABLE, '$1')
}
