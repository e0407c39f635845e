/** The simulated account as it looks while something in it is gone: hidden from lists, and unknown when it is asked for. What is shown again has come back. */
import type { Simulator } from '../../src/simulator/simulator.ts'

export interface Hidden {
  readonly products: Set<number>
  readonly tests: Set<number>
  readonly bugs: Set<number>
  readonly features: Set<number>
}

export function nothingHidden(): Hidden {
  return { products: new Set(), tests: new Set(), bugs: new Set(), features: new Set() }
}

export function hiding(simulator: Simulator, hidden: Hidden): (request: Request) => Promise<Response> {
  const lists = [['products', hidden.products], ['exploratory_tests', hidden.tests], ['bugs', hidden.bugs], ['features', hidden.features]] as const
  return async (request) => {
    const [, entity, id] = /\/(products|exploratory_tests|bugs)\/(\d+)(?:[/?]|$)/.exec(request.url) ?? []
    const isGone = (entity === 'products' && hidden.products.has(Number(id))) || (entity === 'exploratory_tests' && hidden.tests.has(Number(id))) || (entity === 'bugs' && hidden.bugs.has(Number(id)))
    if (isGone) return Response.json({ error: 'Not found' }, { status: 404 })
    const response = await simulator.fetch(request)
    if (!response.ok) return response
    const body: Record<string, unknown> = await response.json() as Record<string, unknown>
    for (const [key, ids] of lists) {
      const items = body[key]
      if (Array.isArray(items)) body[key] = items.filter((item: { readonly id: number }) => !ids.has(item.id))
    }
    // Counts what is left.
    if (Array.isArray(body['bugs'])) body['meta'] = { record_count: body['bugs'].length }
    return Response.json(body)
  }
}
