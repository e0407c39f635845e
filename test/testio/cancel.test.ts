import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/testio/abort.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import { products, rejectReasons } from './samples.ts'
import { failureOf, json, scriptedApi, TOKEN } from './scripted-api.ts'

/** Resolves when the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => { setTimeout(resolve, 2) })
}

/** A handler that holds every request until it is released or the client goes away. */
function holding() {
  const held = new Set<() => void>()
  let gone = 0
  return {
    get open() { return held.size },
    get gone() { return gone },
    release() { for (const answer of held) answer() },
    handler: (request: Request) => new Promise<Response>((resolve) => {
      const answer = (): void => {
        held.delete(answer)
        resolve(json(products))
      }
      held.add(answer)
      request.signal.addEventListener('abort', () => {
        gone++
        answer()
      })
    }),
  }
}

describe('cancelling', () => {
  it('before the start sends nothing', async () => {
    const { client, requests } = await scriptedApi(() => json(products))
    expect(await failureOf(client.products({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'aborted' })
    expect(requests).toEqual([])
    expect(client.requestCount).toBe(0)
  })

  it('in flight ends the request at once and leaves none open', async () => {
    const api = holding()
    const { client } = await scriptedApi(api.handler)
    const controller = new AbortController()
    const reads = [1, 2, 3].map(() => failureOf(client.products({ signal: controller.signal })))
    await until(() => api.open === 3)
    const reason = new Error('Enough')
    controller.abort(reason)
    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: 'aborted', retryable: false, cause: reason })
    await until(() => api.gone === 3)
    expect(api.open).toBe(0)
  })

  it('in the queue ends the read at once, and it is never sent', async () => {
    const api = holding()
    const { client, requests } = await scriptedApi(api.handler, { concurrency: 1 })
    const first = client.products()
    await until(() => api.open === 1)
    const controller = new AbortController()
    const queued = failureOf(client.products({ signal: controller.signal }))
    controller.abort()
    expect((await queued).code).toBe('aborted')
    api.release()
    await first
    expect((await Promise.race([client.products(), until(() => api.open === 1).then(() => api.release())]))).toBeUndefined()
    expect(requests).toHaveLength(2)
  })

  it('in a wait between attempts ends the wait at once', async () => {
    const controller = new AbortController()
    const { client } = await scriptedApi(() => json({}, { status: 503, headers: { 'retry-after': '60' } }), {
      sleep: (_, signal) => {
        setTimeout(() => controller.abort(), 5)
        // Longer than a test may take.
        return sleep(600_000, signal)
      },
    })
    expect((await failureOf(client.products({ signal: controller.signal }))).code).toBe('aborted')
  })

  it('in a wait ends it also when the given sleep knows nothing of signals', async () => {
    const controller = new AbortController()
    const { client } = await scriptedApi(() => json({}, { status: 500 }), {
      sleep: () => {
        setTimeout(() => controller.abort(), 5)
        return new Promise(() => undefined)
      },
    })
    expect((await failureOf(client.products({ signal: controller.signal }))).code).toBe('aborted')
  })

  it('inside a body ends the read', async () => {
    const controller = new AbortController()
    const { client } = await scriptedApi(() => {
      setTimeout(() => controller.abort(), 40)
      return new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"products": [')) }))
    })
    expect((await failureOf(client.products({ signal: controller.signal }))).code).toBe('aborted')
  })

  it('works with a fetch that knows nothing of signals', async () => {
    const client = createTestioClient({ token: TOKEN, fetch: () => new Promise(() => undefined) })
    const controller = new AbortController()
    setTimeout(() => controller.abort('a reason that is no error'), 10)
    expect((await failureOf(client.products({ signal: controller.signal }))).code).toBe('aborted')
  })

  it('ends the walk over windows', async () => {
    const { client } = await scriptedApi(() => json({ exploratory_tests: [{ id: 1 }] }))
    const controller = new AbortController()
    const walk = async (): Promise<void> => {
      for await (const window of client.walkTests(7, { signal: controller.signal })) if (window.start === 0) controller.abort()
    }
    expect((await failureOf(walk())).code).toBe('aborted')
    expect(client.requestCount).toBe(1)
  })

  it('of one read leaves the others alone', async () => {
    const api = holding()
    const { client } = await scriptedApi(api.handler)
    const controller = new AbortController()
    const cancelled = failureOf(client.products({ signal: controller.signal }))
    const other = client.products()
    await until(() => api.open === 2)
    controller.abort()
    expect((await cancelled).code).toBe('aborted')
    await until(() => api.open === 1)
    api.release()
    expect((await other).records).toHaveLength(2)
  })

  it('leaves no listener on a signal that lives on', async () => {
    const { client } = await scriptedApi((_request, count) => (count % 2 === 0 ? json(rejectReasons) : json({}, { status: 500 })))
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    for (let read = 0; read < 5; read++) await client.rejectReasons({ signal })
    await until(() => listeners <= 0)
    expect(listeners).toBe(0)
  })
})

describe('requests in flight', () => {
  it.each([1, 4, 10])('are never more than %i when that is the limit, and reach it', async (concurrency) => {
    let inFlight = 0
    let most = 0
    const { client } = await scriptedApi(async (_request, count) => {
      most = Math.max(most, ++inFlight)
      await until(() => most >= concurrency)
      await new Promise((resolve) => { setTimeout(resolve, 10) })
      inFlight--
      return count % 5 === 0 ? json({}, { status: 503 }) : json(products)
    }, { concurrency })
    await Promise.all(Array.from({ length: 30 }, () => client.products()))
    expect(most).toBe(concurrency)
  })

  it('do not count a read that waits for its next attempt', async () => {
    let wake = (): void => undefined
    const { client } = await scriptedApi((_request, count) => (count === 1 ? json({}, { status: 503 }) : json(products)), {
      concurrency: 1, sleep: () => new Promise((resolve) => { wake = resolve }),
    })
    const waiting = client.products()
    await until(() => client.requestCount === 1)
    expect((await client.products()).records).toHaveLength(2)
    wake()
    expect((await waiting).records).toHaveLength(2)
  })
})
