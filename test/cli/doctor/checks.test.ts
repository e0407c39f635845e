import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkHttpToken } from '../../../adapters/cli/doctor/http-token.ts'
import { renderFindings } from '../../../adapters/cli/doctor/render.ts'
import { checkVersions } from '../../../adapters/cli/doctor/versions.ts'
import { terminalOf } from '../../../adapters/cli/render/terminal.ts'
import { sqljs } from '../../../adapters/sqljs/sqljs.ts'
import { sqljsReadOnly } from '../../../adapters/sqljs/read-only.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { check } from '../../../src/doctor/finding.ts'
import { freshFolder } from '../../support/engines.ts'
import { run, world } from '../capture.ts'

describe('the versions', () => {
  const node = (version: string) => checkVersions({ node: version, platform: 'linux', arch: 'x64' }).find(({ name }) => name === 'node')

  it('of Node are those of package.json', () => {
    const oldest = manifest.engines.node.replace('>=', '')
    expect([node(`${oldest}.0`), node('22.1.0'), node('20.18.9'), node('18.20.0')].map((finding) => finding?.status)).toEqual(['ok', 'ok', 'failed', 'failed'])
    expect(node('18.20.0')).toMatchObject({ what: 'Node 18.20.0 is too old', why: `Tidemark needs ${oldest} or newer.`, next: 'Install a newer Node from https://nodejs.org.' })
  })
})

describe('the token of the HTTP server', () => {
  it('is in order when it is missing, set, or for its owner alone', async () => {
    const file = path.join(await freshFolder(), 'http-token')
    expect(await checkHttpToken(file, false)).toMatchObject({ status: 'skipped' })
    expect(await checkHttpToken(file, true)).toMatchObject({ status: 'ok' })
    await writeFile(file, 'a-token', { mode: 0o600 })
    expect(await checkHttpToken(file, false)).toMatchObject({ status: 'ok' })
  })

  it('that others can read is to be replaced, and is not shown', async () => {
    const file = path.join(await freshFolder(), 'http-token')
    await writeFile(file, 's3cret-token')
    await chmod(file, 0o644)
    const finding = await checkHttpToken(file, false)
    expect(finding).toMatchObject({ status: 'warning', what: 'Others can read the token of the HTTP server', next: 'Start "tidemark serve --http" again: it makes a new token. Then give that to the AI clients.' })
    expect(JSON.stringify(finding)).not.toContain('s3cret-token')
  })
})

describe('the findings for people', () => {
  it('come by area, with a word for each verdict, and end in the worst of them', () => {
    const io = world({ env: { COLUMNS: '50' } })
    const text = renderFindings(terminalOf(io, io.stdout), [
      check('sync', 'a').skipped('Not looked at', 'The customer is not known.'),
      check('database', 'b').failed('It is broken', 'Somebody sat on it, for the whole of a long afternoon.', 'Stand up.'),
      check('database', 'c').ok('It is there'),
    ])
    expect(text).toBe(`Database
  ✗ failed   It is broken
             Why:  Somebody sat on it, for the
                   whole of a long afternoon.
             Next: Stand up.
  ✓ ok       It is there

Sync
  - skipped  Not looked at
             Why:  The customer is not known.

Something does not work: 1 ok, 0 warnings, 1 failed, 1 skipped.
`)
  })
})

describe('a file that others can look into', () => {
  it('is warned about', async () => {
    const file = path.join(await freshFolder(), 'open.db')
    await (await sqljs({ file })).transaction((tx) => tx.query({ sql: 'create table a (b)' }))
    await chmod(file, 0o644)
    const { checks } = JSON.parse((await run(['doctor', '--json'], { env: { TIDEMARK_DATABASE_URL: `sqlite:${file}`, TIDEMARK_CUSTOMER_ID: '1' } })).stdout)
    expect(checks).toContainEqual(expect.objectContaining({ name: 'access', status: 'warning', next: 'Run "chmod o-rwx open.db" in its folder.' }))
  })
})

describe('a database file that is only read', () => {
  it('refuses writes, in a transaction and without one', async () => {
    const file = path.join(await freshFolder(), 'read.db')
    await using writer = await sqljs({ file })
    await writer.query({ sql: 'create table a (b)' })
    await using reader = await sqljsReadOnly(file)
    await expect(reader.query({ sql: 'insert into a values (1)' })).rejects.toMatchObject({ code: 'storage_busy' })
    await expect(reader.transaction((tx) => tx.query({ sql: 'insert into a values (1)' }))).rejects.toMatchObject({ code: 'storage_busy' })
    expect((await reader.query({ sql: 'select count(*) as rows from a' })).rows).toEqual([{ rows: 0 }])
  })

  it('with the commit of a killed program beside it is left as it is, and the doctor says what finishes it', async () => {
    const file = path.join(await freshFolder(), 'killed.db')
    await (await sqljs({ file })).query({ sql: 'create table a (b)' })
    await writeFile(`${file}-redo`, 'half a commit')
    await expect(sqljsReadOnly(file)).rejects.toMatchObject({ code: 'storage_busy', next: expect.stringContaining('"tidemark status" finishes the commit') })
    const { code, stdout } = await run(['doctor', '--json'], { env: { TIDEMARK_DATABASE_URL: `sqlite:${file}`, TIDEMARK_CUSTOMER_ID: '1' } })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).checks).toContainEqual(expect.objectContaining({ name: 'open', status: 'warning', next: 'Try again when that program is done. If none is at work, "tidemark status" finishes the commit.' }))
  })
})
