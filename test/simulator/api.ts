/** Asks a simulated account the way a program asks the API, and nothing more. */
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'

export const NOW = Date.UTC(2026, 10, 20, 12)

export const BASE = 'https://api.example/customer/v2/'

/** Whatever JSON holds; tests look into it by hand, as the reference describes it. */
export type Json = any // oxlint-disable-line typescript/no-explicit-any

export function account(options: SimulatorOptions = {}): Simulator {
  return createSimulator({ now: NOW, ...options })
}

export interface Answer {
  readonly status: number
  readonly body: Json
  readonly headers: Headers
}

export async function ask(simulator: Simulator, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await simulator.fetch(BASE + path, { ...init, headers: { authorization: `Token ${simulator.token}` } })
  const text = await response.text()
  return { status: response.status, body: parsed(text), headers: response.headers }
}

/** The answer to a read that must work. */
export async function read(simulator: Simulator, path: string): Promise<Json> {
  const { status, body } = await ask(simulator, path)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return body
}

/** All tests of all products, page by page. */
export async function allTests(simulator: Simulator, perPage = 25): Promise<Json[]> {
  const found: Json[] = []
  for (const { id } of simulator.truth.products) {
    for (let page = 1; ; page++) {
      const rows = (await read(simulator, `products/${id}/exploratory_tests?page=${page}&per_page=${perPage}`)).exploratory_tests
      if (rows.length === 0) break
      found.push(...rows)
    }
  }
  return found
}

export async function allBugs(simulator: Simulator): Promise<Json[]> {
  return (await read(simulator, 'bugs')).bugs
}

export function tally<T>(items: readonly T[], key: (item: T) => unknown): Map<unknown, number> {
  const counts = new Map<unknown, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
