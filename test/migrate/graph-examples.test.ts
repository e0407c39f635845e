/** Every worked case of the contract: the data is `test/fixtures/revision-graph-examples.json`, its `about` says how to read it. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { RevisionGraph } from '../../src/migrate/graph.ts'

interface Case {
  readonly name: string
  readonly revisions: readonly { readonly id: string; readonly down: readonly string[]; readonly depends_on: readonly string[]; readonly labels: readonly string[] }[]
  readonly op: 'upgrade' | 'downgrade' | 'heads' | 'bases' | 'resolve' | 'stamp' | 'current' | 'history' | 'labels'
  readonly from?: readonly string[]
  readonly to?: string | readonly string[]
  readonly base?: string
  readonly head?: string
  readonly expect?: readonly string[] | Readonly<Record<string, readonly string[]>>
  readonly heads_after?: readonly string[]
  readonly order?: 'exact' | 'set' | 'topological'
  readonly error?: string
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/revision-graph-examples.json', import.meta.url), 'utf8')) as { cases: readonly Case[] }

describe('worked cases of the revision graph', () => {
  test('are all there', () => expect(cases).toHaveLength(68))

  test.each(cases)('$name', (example) => {
    if (example.error !== undefined) {
      const kind = kindOf(() => answer(example))
      expect(kind).toBe(example.error)
      return
    }
    const { ids, headsAfter, labels } = answer(example)
    if (labels !== undefined) expect(labels).toEqual(example.expect)
    if (ids !== undefined) expectOrder(ids, example)
    if (example.heads_after !== undefined) expect(headsAfter).toEqual(example.heads_after)
  })
})

interface Answer {
  readonly ids?: readonly string[]
  readonly headsAfter?: readonly string[]
  readonly labels?: Readonly<Record<string, readonly string[]>>
}

function answer({ revisions, op, from = [], to = '', base = '', head = '' }: Case): Answer {
  const graph = new RevisionGraph(revisions.map(({ id, down, depends_on, labels }) => ({ id, down, dependsOn: depends_on, labels })))
  switch (op) {
    case 'upgrade': {
      const ids = graph.upgradePath(from, to)
      return { ids, headsAfter: graph.headsAfter(from, ids, 'up') }
    }
    case 'downgrade': {
      const ids = graph.downgradePath(from, String(to))
      return { ids, headsAfter: graph.headsAfter(from, ids, 'down') }
    }
    case 'stamp': return { headsAfter: graph.stamp(from, to) }
    case 'heads': return { ids: graph.heads() }
    case 'bases': return { ids: graph.bases() }
    case 'resolve': return { ids: graph.resolve(String(to)) }
    case 'current': return { ids: graph.current(from) }
    case 'history': return { ids: graph.history(`${base}:${head}`) }
    case 'labels': return { labels: Object.fromEntries(revisions.map(({ id }) => [id, graph.labels(id)])) }
    default: return op satisfies never
  }
}

function expectOrder(ids: readonly string[], { expect: expected, order = 'exact', revisions, op }: Case): void {
  const wanted = expected as readonly string[]
  if (order === 'exact') {
    expect(ids).toEqual(wanted)
    return
  }
  expect([...ids].sort()).toEqual([...wanted].sort())
  if (order === 'set') return
  const applied = op === 'downgrade' ? [...ids].reverse() : ids
  const holder = new Map(revisions.flatMap(({ id, labels }) => [id, ...labels].map((name) => [name, id])))
  for (const { id, down, depends_on } of revisions) {
    for (const need of [...down, ...depends_on].map((name) => holder.get(name) as string)) {
      if (applied.includes(id) && applied.includes(need)) expect(applied.indexOf(need)).toBeLessThan(applied.indexOf(id))
    }
  }
}

function kindOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    if (error instanceof TidemarkError) return error.details['kind']
    throw error
  }
  return 'no error'
}
