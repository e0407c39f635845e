/** A server over real HTTP that answers as a test tells it, and a client of it that waits for nothing but notes its waits. */
import { onTestFinished } from 'vitest'
import { isTidemarkError } from '../../src/errors.ts'
import type { TidemarkError } from '../../src/errors.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import type { TestioClient } from '../../src/testio/client.ts'
import type { TestioClientOptions } from '../../src/testio/settings.ts'
import { serve } from '../support/http-server.ts'

export const TOKEN = 'tok-3f9c-SECRET'

export interface ScriptedApi {
  readonly client: TestioClient
  readonly url: string
  /** `path?query` of every request, in order of arrival. */
  readonly requests: readonly string[]
  /** Milliseconds of every wait that the client asked for. */
  readonly waits: readonly number[]
}

type Handler = (request: Request, count: number) => Response | Promise<Response>

/** `handler` also gets the number of the request, from 1. The server ends with the test. */
export async function scriptedApi(handler: Handler, options: Partial<TestioClientOptions> = {}): Promise<ScriptedApi> {
  const requests: string[] = []
  const waits: number[] = []
  const server = await serve(async (request) => {
    const { pathname, search } = new URL(request.url)
    return handler(request, requests.push(decodeURI(pathname + search)))
  })
  onTestFinished(() => server.close())
  const client = createTestioClient({
    token: TOKEN,
    baseUrl: `${server.url}/customer/v2`,
    random: () => 1,
    sleep: async (milliseconds) => { waits.push(milliseconds) },
    ...options,
  })
  return { client, url: server.url, requests, waits }
}

export function json(body: unknown, init?: ResponseInit): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' }, ...init })
}

/** The error of a read that must fail. */
export async function failureOf(read: Promise<unknown>): Promise<TidemarkError> {
  try {
    await read
  } catch (error) {
    if (isTidemarkError(error)) return error
    throw error
  }
  throw new Error('It did not fail')
}
