import { describe, expect, it } from 'vitest'
import { startRefresh } from '../../adapters/mcp/refresh.ts'
import { TidemarkError } from '../../src/errors.ts'
import type { ScheduleOptions } from '../../src/tidemark.ts'
import { keepingLogger } from './connect.ts'
import { fakeTidemark, syncResult } from './fake-tidemark.ts'

const scope = { products: [2], since: '90 days ago' }

/** A schedule that goes on until it is stopped. */
function endlessSchedule() {
  const calls: ScheduleOptions[] = []
  const ends: string[] = []
  const schedule = async (options: ScheduleOptions): Promise<void> => {
    calls.push(options)
    await new Promise((resolve) => { options.signal.addEventListener('abort', resolve) })
    options.onRun?.(syncResult({ outcome: 'cancelled' }))
    ends.push('at rest')
  }
  return { schedule, calls, ends }
}

describe('the refresh of a server', () => {
  it('syncs what it is limited to at the interval, and stops when it is told to', async () => {
    const { schedule, calls, ends } = endlessSchedule()
    const logger = keepingLogger()
    const refresh = startRefresh(fakeTidemark({ schedule }), { seconds: 600, scope, logger, delayMs: 0 })
    await expect.poll(() => calls).toMatchObject([{ intervalSeconds: 600, products: [2], since: '90 days ago' }])
    await refresh.stop()
    await refresh.stop()
    expect(ends).toStrictEqual(['at rest'])
    expect(logger.lines).toStrictEqual([])
  })

  it('is not begun for a client that leaves at once', async () => {
    const { schedule, calls } = endlessSchedule()
    await startRefresh(fakeTidemark({ schedule }), { seconds: 600, scope, logger: keepingLogger() }).stop()
    expect(calls).toStrictEqual([])
  })

  it('says in the log what came of each sync, and what could not begin', async () => {
    const logger = keepingLogger()
    const schedule = async ({ onRun, onError }: ScheduleOptions): Promise<void> => {
      onRun?.(syncResult({ outcome: 'partial', deleted: 4 }))
      onError?.(new TidemarkError('storage_unavailable', 'Cannot sync', { why: 'The database is away.', next: 'Wait.' }))
    }
    startRefresh(fakeTidemark({ schedule }), { seconds: 600, scope, logger, delayMs: 0 })
    await expect.poll(() => logger.lines).toStrictEqual(['Refreshed (run 7): partial, 1 new, 2 changed, 4 gone', 'Cannot sync\nThe database is away.\nWait.'])
  })

  it('is quiet without a token, and loud when it breaks', async () => {
    const logger = keepingLogger()
    const fails = (error: Error) => startRefresh(fakeTidemark({ schedule: () => Promise.reject(error) }), { seconds: 600, scope, logger, delayMs: 0 })
    fails(new TidemarkError('api_not_configured', 'Cannot sync', { why: 'No token.', next: 'Give one.' }))
    fails(new RangeError('broken'))
    await expect.poll(() => logger.lines).toStrictEqual(['The copy is not refreshed any more: broken'])
  })
})
