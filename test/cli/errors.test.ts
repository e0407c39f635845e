import path from 'node:path'
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { Invocation } from '../../adapters/cli/invocation.ts'
import { reportError } from '../../adapters/cli/report-error.ts'
import { TidemarkError } from '../../src/errors.ts'
import { freshFolder } from '../support/engines.ts'
import { run, world } from './capture.ts'

function report(error: unknown, env: Readonly<Record<string, string>> = {}) {
  const io = world({ env })
  const code = reportError(new Invocation(io), error)
  return { code, stdout: io.stdout.text, stderr: io.stderr.text }
}

describe('reportError', () => {
  const known = (code: ConstructorParameters<typeof TidemarkError>[0]) => new TidemarkError(code, 'Cannot do it', { why: 'Because.', next: 'Do that.', cause: new Error('driver says s3cret') })

  it('writes what failed, why, and what to do next', () => {
    expect(report(known('api_unreachable'))).toEqual({ code: 1, stdout: '', stderr: 'Error: Cannot do it\nWhy:   Because.\nNext:  Do that.\n' })
  })

  it('tells wrong use, a held lock and failures apart by the exit code', () => {
    const codes = ['argument_invalid', 'cursor_invalid', 'configuration_invalid', 'database_url_unknown', 'migration_locked', 'not_found', 'revision_failed', 'internal'] as const
    expect(codes.map((code) => report(known(code)).code)).toEqual([2, 2, 2, 2, 4, 1, 1, 1])
  })

  it('keeps what it does not know to itself, unless debugging is on', () => {
    const error = new TypeError('text of a stranger')
    expect(report(error)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Error: .+\nWhy: {3}.+TypeError.+\nNext: {2}.+TIDEMARK_LOG_LEVEL=debug.+\n$/) })
    expect(report(error).stderr).not.toContain('stranger')
    expect(report(error, { TIDEMARK_LOG_LEVEL: 'debug' }).stderr).toMatch(/TypeError: text of a stranger\n +at /)
    expect(report('thrown text').stderr).toContain('(string)')
  })

  it('shows causes only when debugging, and never a secret', () => {
    expect(report(known('statement_failed')).stderr).not.toContain('driver')
    const debug = report(known('statement_failed'), { TIDEMARK_LOG_LEVEL: 'debug', TESTIO_API_TOKEN: 's3cret' }).stderr
    expect(debug).toContain('driver says [redacted]')
    expect(debug).not.toContain('s3cret')
  })
})

describe('a database that cannot be used', () => {
  it('of an unknown kind is refused with the list of known ones', async () => {
    const { code, stderr } = await run(['tests', '--customer', '1', '--database', 'mysql://root:hunter2@db/x'])
    expect(code).toBe(2)
    for (const scheme of ['sqlite:', 'pglite:', 'postgres:']) expect(stderr).toContain(scheme)
    expect(stderr).not.toContain('hunter2')
  })

  it('because its folder is not there is not made', async () => {
    const { code, stderr } = await run(['tests', '--customer', '1', '--database', 'sqlite:./typo/tidemark.db'], { cwd: await freshFolder() })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+does not exist.+\nNext: {2}.+\n$/)
  })

  it('because it is no database is left as it is', async () => {
    const cwd = await freshFolder()
    await writeFile(path.join(cwd, 'letter.txt'), 'Dear all')
    const { code, stderr } = await run(['tests', '--customer', '1', '--database', 'sqlite:./letter.txt'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/not a SQLite/)
  })

  it('because nobody listens ends with three parts and without the password', async () => {
    const { code, stderr } = await run(['tests', '--customer', '1', '--database', 'postgres://me:hunter2@127.0.0.1:1/x'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+\nNext: {2}.+\n$/)
    expect(stderr).not.toContain('hunter2')
  })
})

it('lists every mistake of the configuration at once, before anything is opened', async () => {
  const cwd = await freshFolder()
  await writeFile(path.join(cwd, 'tidemark.config.json'), JSON.stringify({ refreshSecond: 1, testio: { baseUrl: 'x' } }))
  const { code, stdout, stderr } = await run(['tests', '--customer', 'one'], { cwd, env: { TIDEMARK_SKIP_MIGRATIONS: 'maybe' } })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/Why: {3}4 things are wrong:/)
  for (const name of ['refreshSecond', 'testio.baseUrl', '--customer', 'TIDEMARK_SKIP_MIGRATIONS']) expect(stderr).toContain(name)
})

it('warns when the token would travel unencrypted to another machine', async () => {
  const warningFor = async (baseUrl: string) => (await run(['products'], { env: { TIDEMARK_CUSTOMER_ID: '1', TIDEMARK_DATABASE_URL: 'sqlite::memory:', TESTIO_API_TOKEN: 'abcdef', TESTIO_API_BASE_URL: baseUrl } })).stderr
  expect(await warningFor('http://api.example/customer/v2/')).toMatch(/^warn: .*unencrypted/)
  for (const safe of ['https://api.example/', 'http://127.0.0.1:8790/customer/v2/', 'http://localhost/', 'http://[::1]:1/']) expect(await warningFor(safe)).toBe('')
})

it('a summary takes no filters', async () => {
  const { code, stderr } = await run(['tests', '5', '--limit', '3'], { env: { TIDEMARK_CUSTOMER_ID: '1', TIDEMARK_DATABASE_URL: 'sqlite::memory:' } })
  expect(code).toBe(2)
  expect(stderr).toMatch(/Leave out the id/)
})
