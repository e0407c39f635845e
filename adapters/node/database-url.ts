/**
 * What a database URL names, and how it is shown to people. Opens nothing. A relative path is resolved here, against
 * the folder that the caller gives, so that the URL means the same file whoever opens it later.
 */
import path from 'node:path'
import { TidemarkError } from '../../src/errors.ts'

export type DatabaseLocation =
  /** `file` null: in memory. */
  | { readonly engine: 'sqlite'; readonly file: string | null }
  /** `dir` null: in memory. */
  | { readonly engine: 'pglite'; readonly dir: string | null }
  | { readonly engine: 'postgres'; readonly url: string }

const knownDatabaseUrls = ['sqlite:./tidemark.db', 'sqlite::memory:', 'pglite:./folder', 'pglite:memory', 'postgres://host/database'] as const

/**
 * @throws TidemarkError `database_url_unknown`, naming the known forms and never the URL itself, which can hold a password
 */
export function parseDatabaseUrl(url: string, baseDirectory: string): DatabaseLocation {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [undefined, undefined, '']
  switch (scheme?.toLowerCase()) {
    case 'sqlite':
      if (rest === ':memory:') return { engine: 'sqlite', file: null }
      if (rest !== undefined && rest !== '') return { engine: 'sqlite', file: path.resolve(baseDirectory, rest) }
      throw unknownUrl('The URL names no file behind "sqlite:".')
    case 'pglite':
      if (rest === 'memory' || rest === ':memory:') return { engine: 'pglite', dir: null }
      if (rest !== undefined && rest !== '') return { engine: 'pglite', dir: path.resolve(baseDirectory, rest) }
      throw unknownUrl('The URL names no folder behind "pglite:".')
    case 'postgres':
    case 'postgresql':
      if (URL.canParse(url)) return { engine: 'postgres', url }
      throw unknownUrl('The PostgreSQL URL cannot be read; special characters in user and password must be percent-encoded.')
    case undefined:
      throw unknownUrl('It has no scheme; a path to a file needs "sqlite:" in front of it.')
    default:
      throw unknownUrl('Its scheme is none of the known ones.')
  }
}

/** The URL in its one full form: absolute paths, secrets included. */
export function databaseUrlOf(location: DatabaseLocation): string {
  switch (location.engine) {
    case 'sqlite':
      return `sqlite:${location.file ?? ':memory:'}`
    case 'pglite':
      return `pglite:${location.dir ?? 'memory'}`
    case 'postgres':
      return location.url
  }
}

/** The URL without user, password and query (which can hold a password too): the only form that people get to see. */
export function databaseUrlForPeople(location: DatabaseLocation): string {
  if (location.engine !== 'postgres') return databaseUrlOf(location)
  const { protocol, host, pathname } = new URL(location.url)
  return `${protocol}//${host}${pathname}`
}

function unknownUrl(why: string): TidemarkError {
  return new TidemarkError('database_url_unknown', 'Cannot use the database URL', {
    why,
    next: `Give one of: ${knownDatabaseUrls.join(', ')}.`,
  })
}
