import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import type { TestioClientOptions } from '../../src/testio/settings.ts'
import { products } from './samples.ts'
import { failureOf, json, scriptedApi, type ScriptedApi } from './scripted-api.ts'

const START = Date.UTC(2026, 2, 3, 9)
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()

interface Clocked extends ScriptedApi {
  /** Lets time pass. */
  pass(seconds: number): void
  /** What the API answers from now on; a function is called for every request. */
  answer: () => Response | Promise<Response>
}

const down = (status: number, headers: Record<string, string> = {}) => (): Response => json({}, { status, headers })
const up = (): Response => json(products)

/** A client without retries and without jitter, unless told otherwise. */
async function clocked(answer: Clocked['answer'], options: Partial<TestioClientOptions> = {}): Promise<Clocked> {
  let now = START
  const api = await scriptedApi(() => clock.answer(), { now: () => now, random: () => 0, retries: 0, ...options })
  const clock: Clocked = { ...api, answer, pass(seconds) { now += seconds * 1_000 } }
  return clock
}

async function failTimes(api: Clocked, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await failureOf(api.client.products())
}

describe('the breaker', () => {
  it('is closed while the API answers', async () => {
    const api = await clocked(up)
    await api.client.products()
    expect(api.client.breaker).toEqual({ state: 'closed', failures: 0, openUntil: null })
  })

  it.each([
    ['nothing over the network', () => Promise.reject(new TypeError('fetch failed'))],
    ['429', down(429)], ['408', down(408)], ['500', down(500)], ['502', down(502)], ['503', down(503)],
  ])('opens after the fifth read in a row that got %s', async (_what, answer) => {
    const api = await clocked(answer)
    await failTimes(api, 4)
    expect(api.client.breaker).toEqual({ state: 'closed', failures: 4, openUntil: null })
    await failTimes(api, 1)
    expect(api.client.breaker).toEqual({ state: 'open', failures: 5, openUntil: at(30) })
  })

  it('opens after time-outs too', async () => {
    const api = await clocked(() => new Promise(() => undefined), { timeoutMs: 20 })
    await failTimes(api, 5)
    expect(api.client.breaker.state).toBe('open')
  })

  it('counts a read once, however often it was tried', async () => {
    const api = await clocked(down(503), { retries: 3 })
    await failTimes(api, 4)
    expect(api.requests).toHaveLength(16)
    expect(api.client.breaker).toMatchObject({ state: 'closed', failures: 4 })
  })

  it('begins to count anew after an answer, also when that is a refusal', async () => {
    const api = await clocked(down(503))
    for (const answer of [up, down(401), down(403), down(404), down(422), () => new Response('no JSON')]) {
      await failTimes(api, 4)
      api.answer = answer
      await api.client.products().catch(() => undefined)
      expect(api.client.breaker).toEqual({ state: 'closed', failures: 0, openUntil: null })
      api.answer = down(503)
    }
  })

  it('lets a read that was cancelled count for nothing', async () => {
    const api = await clocked(down(503))
    await failTimes(api, 4)
    await failureOf(api.client.products({ signal: AbortSignal.abort() }))
    expect(api.client.breaker).toMatchObject({ state: 'closed', failures: 4 })
  })
})

describe('an open breaker', () => {
  it('fails reads at once, without a request, and says until when', async () => {
    const api = await clocked(down(503))
    await failTimes(api, 5)
    api.pass(10)
    const error = await failureOf(api.client.product(40112))
    expect(error).toMatchObject({
      code: 'api_unavailable', retryable: true, details: { status: null, path: '/products/40112', attempts: 0, retryAfterMs: 20_000, openUntil: at(30) },
    })
    expect(error.message).toBe([
      'Reading /products/40112 from the TestIO API failed',
      `The API failed 5 times in a row, so nothing was sent to it; it is asked again from ${at(30)} on.`,
      'Try again after that time; what is stored can be read meanwhile.',
    ].join('\n'))
    expect(api.requests).toHaveLength(5)
    expect(api.client.requestCount).toBe(5)
  })

  it('ends a walk unproven, and fails a probe of the connection', async () => {
    const api = await clocked(down(503))
    await failTimes(api, 5)
    expect((await api.client.walkTests(7).next()).value).toMatchObject({ end: 'unproven', requests: 0, reason: { code: 'api_unavailable' } })
    expect(await failureOf(api.client.probe())).toMatchObject({ code: 'api_unavailable' })
    expect(api.requests).toHaveLength(5)
  })

  it('stops also reads that wait for their next attempt', async () => {
    const waiting: (() => void)[] = []
    const api = await clocked(down(503), { retries: 1, sleep: () => new Promise((resolve) => waiting.push(resolve)) })
    const reads = Array.from({ length: 8 }, () => failureOf(api.client.products()))
    while (waiting.length < 8) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const go of waiting.slice(0, 5)) go()
    await Promise.all(reads.slice(0, 5))
    expect(api.client.breaker.state).toBe('open')
    for (const go of waiting.slice(5)) go()
    expect((await Promise.all(reads)).map(({ code }) => code)).toEqual([...Array(5).fill('api_server_error'), ...Array(3).fill('api_unavailable')])
    expect(api.requests).toHaveLength(13)
  })

  it('closes by itself with the first answer after the pause', async () => {
    const api = await clocked(down(503))
    await failTimes(api, 5)
    api.answer = up
    api.pass(29)
    expect(await failureOf(api.client.products())).toMatchObject({ code: 'api_unavailable' })
    api.pass(1)
    expect(api.client.breaker).toEqual({ state: 'half_open', failures: 5, openUntil: at(30) })
    expect((await api.client.products()).records).toHaveLength(2)
    expect(api.client.breaker).toEqual({ state: 'closed', failures: 0, openUntil: null })
    expect(api.requests).toHaveLength(6)
  })

  it('opens again for twice as long when the probe fails, up to five minutes, and sends one request for each', async () => {
    const api = await clocked(down(503), { retries: 3 })
    await failTimes(api, 5)
    const requests = api.requests.length
    let passed = 0
    for (const [index, pause] of [30, 60, 120, 240, 300, 300].entries()) {
      expect(api.client.breaker).toMatchObject({ state: 'open', openUntil: at(passed + pause) })
      api.pass(pause)
      passed += pause
      expect(await failureOf(api.client.products())).toMatchObject({ code: 'api_server_error' })
      expect(api.requests).toHaveLength(requests + index + 1)
    }
    api.answer = up
    api.pass(300)
    await api.client.products()
    api.answer = down(503)
    await failTimes(api, 5)
    expect(api.client.breaker).toMatchObject({ state: 'open', openUntil: at(passed + 330) })
  })

  it('stays open up to a quarter longer, so that many clients do not come back at once', async () => {
    const api = await clocked(down(503), { random: () => 0.8 })
    await failTimes(api, 5)
    expect(api.client.breaker.openUntil).toBe(at(36))
  })

  it.each([['longer than its own pause', '120', 120], ['shorter', '5', 30], ['longer than an hour', '86400', 3_600]])(
    'waits as the server asked, when that is %s', async (_how, retryAfter, seconds) => {
      const api = await clocked(down(429, { 'retry-after': retryAfter }))
      await failTimes(api, 5)
      expect(api.client.breaker.openUntil).toBe(at(seconds))
    },
  )
})

describe('a half-open breaker', () => {
  /** Half-open, with an API that answers when it is told to. */
  async function halfOpen(): Promise<Clocked & { readonly reply: (response: Response) => void }> {
    const api = await clocked(down(503))
    await failTimes(api, 5)
    api.pass(30)
    const waiting: ((response: Response) => void)[] = []
    api.answer = () => new Promise((resolve) => { waiting.push(resolve) })
    return Object.assign(api, { reply: (response: Response) => waiting.shift()?.(response) })
  }
  const sent = async (api: Clocked, count: number): Promise<void> => {
    while (api.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('lets one read through, and the others wait for what it finds', async () => {
    const api = await halfOpen()
    const reads = Array.from({ length: 6 }, () => api.client.products())
    await sent(api, 6)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(api.requests).toHaveLength(6)
    expect(api.client.breaker.state).toBe('half_open')
    api.answer = up
    api.reply(up())
    await Promise.all(reads)
    expect(api.requests).toHaveLength(11)
    expect(api.client.breaker.state).toBe('closed')
  })

  it('fails the waiting reads without a request when the probe fails', async () => {
    const api = await halfOpen()
    const reads = Array.from({ length: 4 }, () => failureOf(api.client.products()))
    await sent(api, 6)
    api.reply(down(503)())
    expect((await Promise.all(reads)).map(({ code }) => code)).toEqual(['api_server_error', 'api_unavailable', 'api_unavailable', 'api_unavailable'])
    expect(api.requests).toHaveLength(6)
    expect(api.client.breaker).toMatchObject({ state: 'open', failures: 6, openUntil: at(90) })
  })

  it('makes a waiting read the probe when the first one is cancelled', async () => {
    const api = await halfOpen()
    const controller = new AbortController()
    const cancelled = failureOf(api.client.products({ signal: controller.signal }))
    await sent(api, 6)
    const other = api.client.products()
    api.answer = up
    controller.abort()
    expect(await cancelled).toMatchObject({ code: 'aborted' })
    expect((await other).records).toHaveLength(2)
    expect(api.requests).toHaveLength(7)
    expect(api.client.breaker.state).toBe('closed')
  })

  it('lets a read that waits be cancelled', async () => {
    const api = await halfOpen()
    const probe = api.client.products()
    await sent(api, 6)
    const controller = new AbortController()
    const waiting = failureOf(api.client.products({ signal: controller.signal }))
    controller.abort()
    expect(await waiting).toMatchObject({ code: 'aborted' })
    api.reply(up())
    await probe
  })

  it('takes a refusal for the answer of an API that is up', async () => {
    const api = await halfOpen()
    const read = failureOf(api.client.product(1))
    await sent(api, 6)
    api.reply(down(404)())
    expect(await read).toMatchObject({ code: 'api_not_found' })
    expect(api.client.breaker.state).toBe('closed')
  })
})

describe('one thing that always fails', () => {
  it.each([403, 404, 500] as const)('such as a product that answers %i never opens the breaker', async (status) => {
    const simulator = createSimulator({ now: START })
    const { id } = simulator.truth.products[0]!
    simulator.setFaults({ deadProducts: [{ id, status }] })
    const client = createTestioClient({ token: simulator.token, fetch: simulator.fetch, retries: 0 })
    for (let count = 0; count < 12; count++) {
      await failureOf(client.product(id))
      await failureOf(client.features(id))
      await client.walkTests(id).next()
      for (const test of simulator.truth.tests.filter(({ productId }) => productId === id).slice(0, 3)) await failureOf(client.test(test.id))
    }
    expect(client.breaker.state).toBe('closed')
    expect((await client.products()).records).toHaveLength(3)
  })

  it('does not count when the failure has a meaning: features that must be read by sections', async () => {
    const api = await clocked(down(503))
    await failTimes(api, 4)
    let count = 0
    api.answer = () => (count++ === 0 ? down(500)() : json({ features: [] }))
    await api.client.features(7, { sectionIds: [1] })
    expect(api.client.breaker.failures).toBe(0)
  })

  it('does not count while it is looked for in a window', async () => {
    const api = await clocked(down(500))
    await api.client.walkTests(7).next()
    expect(api.requests.length).toBeGreaterThan(5)
    expect(api.client.breaker).toMatchObject({ state: 'closed', failures: 1 })
  })

  it('does not hide an API that is down for all products', async () => {
    const api = await clocked(down(500))
    for (let id = 1; id <= 5; id++) await failureOf(api.client.product(id))
    expect(api.client.breaker.state).toBe('open')
  })
})
