/**
 * A simulated TestIO account: seeded data behind a `fetch` that plays the Customer API v2, and the truth to compare a
 * copy with. The same seed, scale and `now` give the same bytes in every runtime. Reads only; nothing is ever sent out.
 */
import { createAccount } from './account.ts'
import { failure, jsonResponse, type Answer } from './answer.ts'
import { createChanges, type Changes } from './changes.ts'
import { createFaultPlan, delay, faultyResponse, type Faults } from './faults.ts'
import { answerRead, answerSearch } from './routes.ts'
import type { Scale } from './scale.ts'
import type { AccountTruth } from './truth.ts'

/** Which account is simulated, as of when, and what goes wrong with it. */
export interface SimulatorOptions {
  /** Default 1. */
  readonly seed?: number | undefined
  /** `demo` (default): 3 products, 60 tests, 400 bugs. `seed`: 50 / 5 000 / 50 000. `large`: ten times that. */
  readonly scale?: Scale | undefined
  /** Default none. */
  readonly faults?: Faults | undefined
  /** The present of the account, milliseconds since 1970. Default the system's clock at creation; tests pass a fixed one. */
  readonly now?: number | undefined
  /** What `Authorization: Token …` must hold. Default `simulated-token`. */
  readonly token?: string | undefined
  /** The company behind the account. Default `Fjordline Group`. */
  readonly customerName?: string | undefined
}

/** One request as it was answered; status 0 means that the connection broke or the caller gave up. */
export interface RequestRecord {
  readonly method: string
  /** Path below the base path, with the query as it was sent. */
  readonly path: string
  readonly status: number
}

/** A simulated account, and the handler that answers for it. */
export interface Simulator {
  /** Plays the API under `/customer/v2/` of any host. Can be handed over as a `fetch`. */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>
  readonly truth: AccountTruth
  /** The token that opens it. */
  readonly token: string
  /** What happens in the account; see each verb. */
  readonly change: Changes
  readonly faults: Faults
  /**
   * Replaces all faults; counters of rules start again.
   *
   * @throws TypeError for faults that do not make sense
   */
  setFaults(faults: Faults): void
  /** The last 5 000 requests, oldest first. */
  readonly requests: readonly RequestRecord[]
  /** Requests since creation. */
  readonly requestCount: number
  clearRequests(): void
}

export const BASE_PATH = '/customer/v2/'
const DEFAULT_TOKEN = 'simulated-token'
const KEPT_REQUESTS = 5_000

/**
 * A TestIO customer API in this process, with an account that can be changed and made to fail.
 *
 * @throws TypeError for faults that do not make sense, RangeError for a `now` that is no time
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { seed = 1, scale = 'demo', token = DEFAULT_TOKEN, customerName = 'Fjordline Group' } = options
  const now = Math.floor((options.now ?? Date.now()) / 1000) * 1000
  const account = createAccount({ seed, scale, now, customerName })
  let plan = createFaultPlan(seed, options.faults ?? {})
  let requests: RequestRecord[] = []
  let requestCount = 0

  const respond = async (request: Request, url: URL, path: string): Promise<Response> => {
    const { rule, latencyMs } = plan.next(`${request.method} ${path}${url.search}`)
    const body = request.method === 'POST' ? await request.json().catch(() => null) as unknown : null
    await delay(latencyMs, request.signal)
    const answer = () => jsonResponse(route(request, url, path, body))
    return rule === null ? answer() : await faultyResponse(rule, answer, request.signal)
  }
  const route = (request: Request, url: URL, path: string, body: unknown): Answer => {
    if (request.headers.get('authorization') !== `Token ${token}`) return failure(401, 'Token missing or wrong')
    if (request.method === 'GET') return answerRead(account, plan.faults, path, url.searchParams)
    if (request.method === 'POST' && path === '/bugs') return answerSearch(account, body)
    return failure(405, 'This simulated account can only be read')
  }

  return {
    truth: account.truth,
    token,
    change: createChanges(account),
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const path = url.pathname.startsWith(BASE_PATH) ? `/${url.pathname.slice(BASE_PATH.length)}` : null
      const record = (status: number) => {
        requestCount += 1
        requests.push({ method: request.method, path: `${path ?? url.pathname}${url.search}`, status })
        if (requests.length > KEPT_REQUESTS) requests = requests.slice(-KEPT_REQUESTS)
      }
      try {
        const response = path === null ? jsonResponse(failure(404, 'Not found')) : await respond(request, url, path)
        record(response.status)
        return response
      } catch (error) {
        record(0)
        throw error
      }
    },
    get faults() { return plan.faults },
    setFaults(faults) { plan = createFaultPlan(seed, faults) },
    get requests() { return requests },
    get requestCount() { return requestCount },
    clearRequests() { requests = [] },
  }
}
