import { execFile } from 'node:child_process'
import { chown, copyFile, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { postgres } from '../../adapters/postgres/postgres.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type EmbeddedServer, createServerFolder } from '../support/embedded-postgres.ts'
import { freshFolder, freshPostgresUrl } from '../support/engines.ts'

const run = promisify(execFile)

interface Authority {
  readonly certificate: string
  /** Makes a key and a certificate of this authority, with the name that it certifies. */
  certify(name: string, extension: string): Promise<{ readonly certificate: string; readonly key: string }>
}

/** Made anew by `openssl` for each run, so that no key lies in the repository and no certificate runs out. */
async function createAuthority(folder: string, name: string): Promise<Authority> {
  const file = (suffix: string): string => join(folder, `${name}${suffix}`)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await mkdir(folder, { recursive: true })
  await run('openssl', ['req', '-x509', ...newKey, '-keyout', file('.key'), '-out', file('.crt'), '-days', '2', '-subj', `/CN=${name}`])
  return {
    certificate: file('.crt'),
    async certify(subject, extension) {
      const [key, request, certificate, extensions] = [`-${subject}.key`, `-${subject}.csr`, `-${subject}.crt`, `-${subject}.ext`].map(file) as [string, string, string, string]
      await writeFile(extensions, extension)
      await run('openssl', ['req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${subject}`])
      await run('openssl', ['x509', '-req', '-in', request, '-CA', file('.crt'), '-CAkey', file('.key'), '-CAcreateserial', '-out', certificate, '-days', '2', '-extfile', extensions])
      return { certificate, key }
    },
  }
}

describe('TLS to PostgreSQL', () => {
  let server: EmbeddedServer
  let right: Authority
  let wrong: Authority
  let client: { readonly certificate: string; readonly key: string }
  const address = (database: string, parameters: Readonly<Record<string, string>>, user = 'tidemark:test-password'): string => {
    const url = new URL(`${server.url}/${database}`.replace('tidemark:test-password', user))
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url.href
  }
  const opened = (parameters: Readonly<Record<string, string>>, database = 'postgres'): Promise<Storage> => postgres({ url: address(database, parameters), connections: 2 })
  const encrypted = async (storage: Storage): Promise<unknown> => (await storage.query<{ ssl: boolean }>({ sql: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' })).rows[0]?.ssl

  beforeAll(async () => {
    const folder = await freshFolder()
    right = await createAuthority(folder, 'right')
    wrong = await createAuthority(folder, 'wrong')
    const own = await right.certify('localhost', 'subjectAltName=DNS:localhost')
    client = await right.certify('certified', '')
    server = await createServerFolder(['ssl=on', 'ssl_cert_file=server.crt', 'ssl_key_file=server.key', 'ssl_ca_file=root.crt'])
    // The server reads a key only when it is its own.
    const { uid, gid } = await stat(join(server.folder, 'PG_VERSION'))
    const give = async (from: string, name: string): Promise<void> => {
      await copyFile(from, join(server.folder, name))
      await chown(join(server.folder, name), uid, gid)
    }
    await give(own.certificate, 'server.crt')
    await give(own.key, 'server.key')
    await give(right.certificate, 'root.crt')
    await writeFile(join(server.folder, 'pg_hba.conf'), [
      'hostssl   all             certified all cert',
      'hostnossl plain_only      all       all scram-sha-256',
      'hostssl   plain_only      all       all reject',
      'host      either          all       all scram-sha-256',
      'hostssl   all             all       all scram-sha-256',
    ].join('\n'))
    await server.start()
    await using admin = await opened({})
    for (const sql of ['create database either', 'create database plain_only', 'create role certified login']) await admin.query({ sql })
  })
  afterAll(() => server.remove())
  afterEach(() => vi.unstubAllEnvs())

  it('verify-full takes the right authority with the right name, and nothing else', async () => {
    await using storage = await opened({ sslmode: 'verify-full', sslrootcert: right.certificate })
    expect(await encrypted(storage)).toBe(true)
    await expect(opened({ sslmode: 'verify-full', sslrootcert: wrong.certificate })).rejects.toMatchObject({
      code: 'storage_open_failed', retryable: false, why: expect.stringMatching(/^No encrypted connection that can be trusted .*SIGN/),
    })
    // The certificate is for localhost.
    const byAddress = address('postgres', { sslmode: 'verify-full', sslrootcert: right.certificate }).replace('localhost', '127.0.0.1')
    await expect(postgres({ url: byAddress })).rejects.toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') })
    // No public authority has signed it.
    await expect(opened({ sslmode: 'verify-full' })).rejects.toMatchObject({ code: 'storage_open_failed' })
    await expect(opened({ sslrootcert: 'system' })).rejects.toMatchObject({ code: 'storage_open_failed' })
  })

  it('verify-ca takes the right authority with any name', async () => {
    await using storage = await postgres({ url: address('postgres', { sslmode: 'verify-ca', sslrootcert: right.certificate }).replace('localhost', '127.0.0.1') })
    expect(await encrypted(storage)).toBe(true)
    await expect(opened({ sslmode: 'verify-ca', sslrootcert: wrong.certificate })).rejects.toMatchObject({ code: 'storage_open_failed' })
  })

  it('require encrypts and trusts anybody, until an authority is named', async () => {
    await using storage = await opened({ sslmode: 'require' })
    expect(await encrypted(storage)).toBe(true)
    await using jdbc = await opened({ ssl: 'true' })
    expect(await encrypted(jdbc)).toBe(true)
    await expect(opened({ sslmode: 'require', sslrootcert: wrong.certificate })).rejects.toMatchObject({ code: 'storage_open_failed' })
    await expect(postgres({ url: `${await freshPostgresUrl()}?sslmode=require` })).rejects.toMatchObject({ code: 'storage_open_failed', why: 'The server does not encrypt, or hung up.' })
  })

  it('disable does not encrypt, and a server that insists refuses it', async () => {
    await using storage = await opened({ sslmode: 'disable' }, 'either')
    expect(await encrypted(storage)).toBe(false)
    await expect(opened({ sslmode: 'disable' })).rejects.toMatchObject({ code: 'storage_open_failed', details: {}, cause: expect.objectContaining({ details: { sqlState: '28000' } }) })
  })

  it('prefer, which is the default, encrypts where the server can, and else does without', async () => {
    await using storage = await opened({}, 'either')
    expect(await encrypted(storage)).toBe(true)
    // A server without TLS, one that does not want it from this user, and one whose authority is another one.
    await using plain = await postgres({ url: `${await freshPostgresUrl()}?sslmode=prefer` })
    expect(await encrypted(plain)).toBe(false)
    await using unwanted = await opened({}, 'plain_only')
    expect(await encrypted(unwanted)).toBe(false)
    await using untrusted = await opened({ sslrootcert: wrong.certificate }, 'either')
    expect(await encrypted(untrusted)).toBe(false)
  })

  it('begins at once with sslnegotiation=direct', async () => {
    await using storage = await opened({ sslmode: 'verify-full', sslrootcert: right.certificate, sslnegotiation: 'direct' })
    expect(await encrypted(storage)).toBe(true)
  })

  it('shows the server a certificate in place of a password', async () => {
    const parameters = { sslmode: 'verify-full', sslrootcert: right.certificate }
    await using storage = await postgres({ url: address('postgres', { ...parameters, sslcert: client.certificate, sslkey: client.key }, 'certified') })
    expect((await storage.query({ sql: 'select current_user::text as name' })).rows).toEqual([{ name: 'certified' }])
    await expect(postgres({ url: address('postgres', parameters, 'certified') })).rejects.toMatchObject({ code: 'storage_open_failed' })
  })

  it('is also used to cancel a statement', async () => {
    for (const sslnegotiation of ['postgres', 'direct']) {
      await using storage = await opened({ sslmode: 'verify-full', sslrootcert: right.certificate, sslnegotiation })
      const stop = new AbortController()
      const work = storage.transaction((tx) => {
        setTimeout(() => stop.abort(), 50)
        return tx.query({ sql: 'select pg_sleep(120)' })
      }, { signal: stop.signal })
      await expect(work).rejects.toMatchObject({ code: 'aborted' })
    }
  })

  it('takes from the environment what the URL leaves out', async () => {
    vi.stubEnv('PGSSLMODE', 'verify-full')
    vi.stubEnv('PGSSLROOTCERT', wrong.certificate)
    await expect(opened({})).rejects.toMatchObject({ code: 'storage_open_failed' })
    await using storage = await opened({ sslrootcert: right.certificate })
    expect(await encrypted(storage)).toBe(true)
  })

  it.each([
    ['a mode that libpq does not have', { sslmode: 'no-verify' }, 'sslmode has to be one of'],
    ['a mode that might send the first words in the clear', { sslmode: 'allow' }, 'sslmode has to be one of'],
    ['an authority to trust that is not named', { sslmode: 'verify-ca' }, 'sslrootcert'],
    ['public authorities without the name of the host', { sslmode: 'require', sslrootcert: 'system' }, 'verify-full'],
    ['an authority in a file that is not there', { sslmode: 'prefer', sslrootcert: '/hush-4711/missing.crt' }, 'sslrootcert cannot be read (ENOENT)'],
    ['a key in a file that is not there', { sslmode: 'require', sslkey: '/hush-4711/missing.key' }, 'sslkey cannot be read (ENOENT)'],
    ['direct negotiation that might not encrypt', { sslnegotiation: 'direct' }, 'sslmode=require'],
    ['the switch of another driver', { ssl: 'no-verify' }, 'sslmode'],
  ])('refuses %s, and keeps the URL to itself', async (_, parameters, why) => {
    const error: unknown = await opened(parameters).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'storage_open_failed', why: expect.stringContaining(why) })
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hush-4711|test-password/)
  })

  it('says nothing of the URL when the handshake fails', async () => {
    const error: unknown = await opened({ sslmode: 'verify-full', sslrootcert: wrong.certificate, sslcert: client.certificate, sslkey: client.key }).catch((failure: unknown) => failure)
    const shown = inspect(error, { depth: 20, showHidden: true })
    expect(shown).not.toContain('test-password')
    expect(shown).not.toContain('PRIVATE KEY')
  })
})
