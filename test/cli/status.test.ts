import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { terminalOf } from '../../adapters/cli/render/terminal.ts'
import { renderStreams } from '../../adapters/cli/sync/stream-table.ts'
import type { StreamReport } from '../../src/sync/status.ts'
import { freshFolder } from '../support/engines.ts'
import { serveAccount } from './account.ts'
import { run, world } from './capture.ts'

const now = Date.UTC(2026, 2, 3, 8)
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString()

const stream = (productId: number | null, name: StreamReport['stream'], values: Partial<StreamReport> = {}): StreamReport => ({
  productId, stream: name, lastSuccessAt: minutesAgo(5), completeFrom: null, provenAt: minutesAgo(5), fullReadAt: null, lastAttemptAt: minutesAgo(5), lastErrorCode: null,
  failures: 0, nextAttemptAt: null, quarantined: 0, ...values,
})

const productStreams = (id: number, values: Partial<StreamReport> = {}) => (['features', 'tests', 'bugs'] as const).map((name) => stream(id, name, values))

function render(streams: readonly StreamReport[]): string {
  const io = world({ env: { COLUMNS: '80' } })
  const names = { nameOf: (id: number) => (id === 5 ? 'Webshop' : undefined), titleOf: (id: number) => (id === 5 ? 'Webshop (5)' : `product ${id}`), learn: () => undefined, refresh: async () => undefined }
  return renderStreams(terminalOf(io, io.stdout), streams, names, now)
}

describe('the streams in the status', () => {
  it('say for each product how old it is, and with a star that something is missing', () => {
    const text = render([
      stream(null, 'products', { lastSuccessAt: minutesAgo(1) }), ...productStreams(5),
      stream(6, 'features'), stream(6, 'tests', { quarantined: 2 }), stream(6, 'bugs', { lastSuccessAt: null, failures: 3, lastErrorCode: 'api_timeout', nextAttemptAt: '2026-03-03T09:30:00.000Z' }),
    ])
    expect(text).toMatch(/^Products {2}60 s ago\n\n/)
    expect(text).toMatch(/\n 5 {2}Webshop {2}5 min ago {2}5 min ago {4}5 min ago\n 6 {2}– {8}5 min ago {2}5 min ago \* {2}never \*\n/)
    expect(text).toContain('\n  - Tests of product 6: 2 records in quarantine.\n')
    expect(text).toContain('\n  - Bugs of product 6: never read completely, failed 3 times in a row\n    (api_timeout), not tried by itself before 2026-03-03 09:30 UTC.\n')
  })

  it('say from when on they are complete, where that is not all of it', () => {
    expect(render(productStreams(5, { completeFrom: '2026-01-01T00:00:00.000Z' }))).toContain('  - Features, tests and bugs of Webshop (5): complete from 2026-01-01 on.\n')
  })

  it('of many products are counted where all is well', () => {
    const text = render([...Array.from({ length: 50 }, (_, index) => productStreams(index + 10, { lastSuccessAt: minutesAgo(index + 5) })).flat(), stream(5, 'tests', { quarantined: 1 })])
    expect(text).toContain('\n50 products more, complete; the oldest stream was read 54 min ago.\n')
    expect(text.match(/^ *\d+ {2}/gm)).toHaveLength(1)
  })
})

describe('tidemark status', () => {
  it('before the first sync says that there is nothing yet', async () => {
    const env = { TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}`, TIDEMARK_CUSTOMER_ID: '1' }
    const { code, stdout } = await run(['status'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/Last success +never\n/)
    expect(stdout).not.toMatch(/Streams|Last runs|Running now/)
  })

  it('after a sync with faults shows runs, watermarks and what to do, in 80 columns and as one document', async () => {
    await using account = await serveAccount()
    const { truth, setFaults } = account.simulator
    const dead = truth.products[0]
    setFaults({ deadProducts: [{ id: dead?.id ?? 0, status: 403 }] })
    const env = { ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}` }
    await run(['sync'], { env })
    const { stdout } = await run(['status'], { env })
    expect(stdout).toMatch(/\nLast runs\nRun +Started \(UTC\) +Mode +Outcome +Took +New +Changed +Gone +Unread\n─.+\n +1 {2}\S+ \S+ {2}hybrid {2}partial /)
    expect(stdout).toMatch(new RegExp(`\\n${dead?.id} .+ never \\* +never \\* +never \\*\\n`))
    expect(stdout).toMatch(/\nTo do\n/)
    const lines = stdout.split('\n').filter((line) => !line.startsWith('Database'))
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)

    const status = JSON.parse((await run(['status', '--json'], { env })).stdout)
    expect(status.sync).toMatchObject({ last_success_at: null, running: null, runs: [{ run_id: 1, mode: 'hybrid', outcome: 'partial', holder: expect.stringMatching(/^tidemark sync, process \d+ on /) }] })
    expect(status.sync.streams).toHaveLength(2 + truth.products.length * 3)
    expect(status.sync.streams).toContainEqual(expect.objectContaining({ product_id: dead?.id, stream: 'tests', last_success_at: null, failures: 1, next_attempt_at: expect.any(String) }))
  })
})
