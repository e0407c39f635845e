/**
 * Encryption as the URL asks for it, with the meanings of libpq: `pg` itself gives the same words other meanings. The
 * parameters are taken out of the URL, so that `pg` sees none of them. No part of the URL reaches an error.
 *
 * Stricter than libpq: nothing is read from `~/.postgresql`, a file that is named has to exist, and `verify-full`
 * without `sslrootcert` trusts the authorities that Node trusts (as `sslrootcert=system` does).
 */
import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { systemCode } from '../../src/errors.ts'

export type Encryption = false | ConnectionOptions

export interface TlsSettings {
  /** Without the parameters of TLS. */
  readonly url: string
  /** What to try, in this order. Several for `prefer` only. */
  readonly attempts: readonly Encryption[]
  /** `direct` begins with TLS, without asking the server first. */
  readonly negotiation: 'postgres' | 'direct'
}

/** Why the URL cannot be used: without secrets, made to be shown. */
export class TlsSettingError extends Error {}

const modes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
const parameters = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat'] as const

/**
 * @param environment where libpq looks for what the URL leaves out: `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY`
 * @throws TlsSettingError
 */
export async function tlsSettings(url: URL, environment: Readonly<Record<string, string | undefined>>): Promise<TlsSettings> {
  const asked = (name: (typeof parameters)[number]): string | undefined => (url.searchParams.get(name) || environment[`PG${name.toUpperCase()}`]) || undefined
  const rootFile = asked('sslrootcert')
  const mode = oneOf(modes, 'sslmode', asked('sslmode') ?? jdbcMode(url.searchParams.get('ssl')) ?? (rootFile === 'system' ? 'verify-full' : 'prefer'))
  const negotiation = oneOf(['postgres', 'direct'], 'sslnegotiation', asked('sslnegotiation') ?? 'postgres')
  if (negotiation === 'direct' && (mode === 'disable' || mode === 'prefer')) throw new TlsSettingError('sslnegotiation=direct needs sslmode=require or a stricter one.')
  if (rootFile === 'system' && mode !== 'verify-full') throw new TlsSettingError('sslrootcert=system needs sslmode=verify-full: anybody can get a certificate of a public authority.')
  if (rootFile === undefined && mode === 'verify-ca') throw new TlsSettingError('sslmode=verify-ca needs sslrootcert, the authority to trust.')

  const rest = new URL(url)
  for (const name of parameters) rest.searchParams.delete(name)
  if (mode === 'disable') return { url: rest.href, attempts: [false], negotiation }

  const [ca, cert, key] = await Promise.all([
    rootFile === 'system' ? undefined : contentOf('sslrootcert', rootFile),
    contentOf('sslcert', asked('sslcert')),
    contentOf('sslkey', asked('sslkey')),
  ])
  const tls: ConnectionOptions = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // An authority that was named is always asked, as libpq does; the name of the host counts for `verify-full` only.
    rejectUnauthorized: ca !== undefined || mode === 'verify-full',
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
  return { url: rest.href, attempts: mode === 'prefer' ? [tls, false] : [tls], negotiation }
}

/** libpq takes `ssl=true` from JDBC's URLs. */
function jdbcMode(ssl: string | null): string | undefined {
  if (ssl === null || ssl === 'true') return ssl === null ? undefined : 'require'
  throw new TlsSettingError('ssl knows only "true"; use sslmode.')
}

function oneOf<Word extends string>(words: readonly Word[], name: string, word: string): Word {
  const found = words.find((known) => known === word)
  if (found === undefined) throw new TlsSettingError(`${name} has to be one of ${words.join(', ')}.`)
  return found
}

async function contentOf(parameter: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new TlsSettingError(`The file of ${parameter} cannot be read (${systemCode(error) ?? 'unknown error'}).`)
  })
}
