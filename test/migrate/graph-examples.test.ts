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
    expect(outcome(example)).toEqual(wanted(example))
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

function outcome(example: Case): unknown {
  try {
    const { ids, headsAfter, labels } = answer(example)
    return { ids: ids === undefined ? labels : inOrder(ids, example), headsAfter: example.heads_after === undefined ? undefined : headsAfter }
  } catch (error) {
    if (error instanceof TidemarkError) return error.details['kind']
    throw error
  }
}

function wanted(example: Case): unknown {
  if (example.error !== undefined) return example.error
  const { expect: ids, heads_after: headsAfter } = example
  return { ids: isList(ids) ? inOrder(ids, example) : ids, headsAfter }
}

function isList(ids: Case['expect']): ids is readonly string[] {
  return Array.isArray(ids)
}

// Two lists that count as the same under the order of the case come out equal; a list against the needs does not.
function inOrder(ids: readonly string[], { order = 'exact', revisions, op }: Case): unknown {
  if (order === 'exact') return ids
  if (order === 'set') return ids.toSorted()
  const applied = op === 'downgrade' ? ids.toReversed() : ids
  const idByName = new Map(revisions.flatMap(({ id, labels }) => [id, ...labels].map((name) => [name, id])))
  const tooLate = revisions.flatMap(({ id, down, depends_on }) =>
    [...down, ...depends_on].map((name) => idByName.get(name) as string).filter((need) => applied.includes(id) && applied.indexOf(need) > applied.indexOf(id)))
  return { ids: ids.toSorted(), tooLate }
}
