import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { displayWidth } from '../../adapters/cli/render/display-width.ts'
import { serveAccount } from './account.ts'
import { run } from './capture.ts'

describe('the demo', () => {
  it('needs nothing, and leaves a database that the other commands read', async () => {
    const cwd = await freshFolder()
    const { code, stdout, stderr } = await run(['demo'], { cwd })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Syncing a simulated TestIO account into sqlite:/)
    expect(stdout).toMatch(/^Synced\./)
    expect(stdout).not.toContain('\x1b')
    expect(Math.max(...stdout.split('\n').map(displayWidth))).toBeLessThanOrEqual(Math.max(80, displayWidth(cwd) + 40))
    expect(existsSync(path.join(cwd, 'tidemark-demo.db'))).toBe(true)

    const command = /npx tidemark (tests +--database .+)/.exec(stdout)?.[1] ?? ''
    const tests = await run([...command.split(/ +/), '--json'], { cwd })
    expect(tests.code).toBe(0)
    expect(JSON.parse(tests.stdout)).toMatchObject({ total: 60, freshness: { stale: false, incomplete: false } })

    const snippet = JSON.parse(/^\{[^]*^\}/m.exec(stdout)?.[0] ?? '')
    expect(snippet.mcpServers.tidemark).toMatchObject({ command: 'npx', args: ['-y', 'tidemark', 'serve', '--database', `sqlite:${path.join(cwd, 'tidemark-demo.db')}`, '--customer', '1'] })
  })

  it('shows numbers that agree with each other', async () => {
    const { stdout } = await run(['demo', '--json', '--database', 'sqlite::memory:'])
    const answer = JSON.parse(stdout)
    expect(answer.sync).toMatchObject({ outcome: 'success', new: expect.any(Number) })
    expect(answer.products).toHaveLength(3)
    const sum = (rows: readonly Record<string, number>[], key: string) => rows.reduce((total, row) => total + (row[key] ?? 0), 0)
    expect(sum(answer.products, 'bug_count')).toBe(400)
    expect(sum(answer.bugs, 'total')).toBe(400)
    for (const row of answer.bugs) expect(row.critical + row.high + row.low + row.other_kinds).toBe(row.total)
    expect(sum(answer.products, 'tests_last_30_days')).toBeGreaterThan(0)
    expect(answer.newest_tests).toHaveLength(5)
    for (const { bugs } of answer.newest_tests) expect(bugs.open + bugs.accepted + bugs.auto_accepted + bugs.rejected + bugs.other).toBe(bugs.total)
    expect(answer).toMatchObject({ commands: [], mcp_server: null })
  })

  it('from a checkout tells an AI client to start that checkout', async () => {
    const { stdout } = await run(['demo', '--json'], { cwd: await freshFolder(), script: '/checkout/dist/cli.js' })
    expect(JSON.parse(stdout).mcp_server).toMatchObject({ command: 'node', args: expect.arrayContaining(['/checkout/dist/cli.js', 'serve']) })
  })

  it('uses its own database again', async () => {
    const cwd = await freshFolder()
    await run(['demo'], { cwd })
    const again = await run(['demo', '--json'], { cwd })
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout).sync).toMatchObject({ run_id: 2, new: 0 })
  })

  it('leaves a real copy alone', async () => {
    await using account = await serveAccount({ seed: 3 })
    const database = `sqlite:${path.join(await freshFolder(), 'real.db')}`
    const env = { ...account.env, TIDEMARK_DATABASE_URL: database }
    await run(['sync'], { env })
    const { code, stdout, stderr } = await run(['demo', '--database', database, '--customer', '7'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/Error: Cannot run the demo in this database\n/)
    expect(JSON.parse((await run(['status', '--json'], { env })).stdout).sync.last_run.id).toBe(1)
  })

  it.each([[['--customer', 'abc'], /--customer/], [['--database', 'mysql://x'], /database URL/]])('refuses %j', async (flags, what) => {
    const { code, stderr } = await run(['demo', ...flags])
    expect(code).toBe(2)
    expect(stderr).toMatch(what)
  })

  it('takes no database from the environment', async () => {
    const cwd = await freshFolder()
    await run(['demo'], { cwd, env: { TIDEMARK_DATABASE_URL: 'sqlite:./mine.db', TIDEMARK_CUSTOMER_ID: '9' } })
    expect([existsSync(path.join(cwd, 'mine.db')), existsSync(path.join(cwd, 'tidemark-demo.db'))]).toEqual([false, true])
  })

  it('has colours on a terminal, and none when they are not wanted', async () => {
    const argv = ['demo', '--database', 'sqlite::memory:']
    expect((await run(argv, { terminal: 100 })).stdout).toContain('\x1b[')
    expect((await run(argv, { terminal: 100, env: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b[')
  })
})
