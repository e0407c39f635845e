/** Laws of paths and version rows on random graphs, checked against sets computed here in the simplest way. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RevisionGraph } from '../../src/migrate/graph.ts'

interface Revision { readonly id: string; readonly down: readonly string[]; readonly dependsOn: readonly string[] }

// Parents and dependencies come from the revisions before, so there are no cycles; the list is then shuffled.
const revisions: fc.Arbitrary<readonly Revision[]> = fc
  .array(fc.record({ down: fc.array(fc.nat(), { maxLength: 3 }), dependsOn: fc.array(fc.nat(), { maxLength: 2 }), root: fc.integer({ min: 0, max: 5 }) }), { minLength: 1, maxLength: 14 })
  .map((seeds) => seeds.map(({ down, dependsOn, root }, index): Revision => {
    const pick = (numbers: readonly number[]) => index === 0 ? [] : [...new Set(numbers.map((number) => `r${number % index}`))]
    return { id: `r${index}`, down: root === 0 ? [] : pick(down), dependsOn: pick(dependsOn) }
  }))
  .chain((list) => fc.shuffledSubarray([...list], { minLength: list.length }))

const withChoices = revisions.chain((list) => {
  const ids = fc.subarray(list.map(({ id }) => id))
  return fc.record({ list: fc.constant(list), first: ids, second: ids })
})

describe('on any graph', () => {
  test('an upgrade applies what the target needs, once, each after its needs', () => {
    fc.assert(fc.property(withChoices, ({ list, first, second }) => {
      const graph = new RevisionGraph(list)
      const rows = tips(list, first)
      const path = graph.upgradePath(rows, tips(list, second))
      expect(new Set(path).size).toBe(path.length)
      expect([...path].toSorted()).toEqual([...closure(list, second)].filter((id) => !closure(list, first).has(id)).toSorted())
      expectApplicable(list, closure(list, rows), path)
    }))
  })

  test('up to anything and down to base is nothing, and the way down is legal at every step', () => {
    fc.assert(fc.property(withChoices, ({ list, first }) => {
      const graph = new RevisionGraph(list)
      const up = graph.upgradePath([], tips(list, first))
      const rows = graph.headsAfter([], up, 'up')
      const down = graph.downgradePath(rows, 'base')
      expect([...down].toSorted()).toEqual([...up].toSorted())
      expectApplicable(list, new Set(), [...down].toReversed())
      expect(graph.headsAfter(rows, down, 'down')).toEqual([])
    }))
  })

  test('any two routes to the same heads apply the same revisions and leave the same rows', () => {
    fc.assert(fc.property(withChoices, ({ list, first, second }) => {
      const graph = new RevisionGraph(list)
      const route = (...stops: readonly (readonly string[])[]) => {
        let rows: string[] = []
        const applied: string[] = []
        for (const stop of stops) {
          const path = graph.upgradePath(rows, stop)
          rows = graph.headsAfter(rows, path, 'up')
          applied.push(...path)
        }
        return { rows, applied: applied.toSorted() }
      }
      const straight = route(graph.effectiveHeads())
      expect(route(tips(list, first), graph.effectiveHeads())).toEqual(straight)
      expect(route(tips(list, first), tips(list, second), graph.effectiveHeads())).toEqual(straight)
    }))
  })

  test('the rows after each step are exactly the applied revisions that nothing applied needs', () => {
    fc.assert(fc.property(withChoices, ({ list, first, second }) => {
      const graph = new RevisionGraph(list)
      let rows = tips(list, first)
      const applied = closure(list, first)
      for (const id of graph.upgradePath(rows, tips(list, second))) {
        rows = graph.headsAfter(rows, [id], 'up')
        applied.add(id)
        expect(rows).toEqual(tips(list, applied))
      }
      for (const id of graph.downgradePath(rows, 'base')) {
        rows = graph.headsAfter(rows, [id], 'down')
        applied.delete(id)
        expect(rows).toEqual(tips(list, applied))
      }
    }))
  })

  test('a downgrade leaves the target applied and nothing that needs its children', () => {
    fc.assert(fc.property(withChoices, fc.nat(), ({ list, first }, choice) => {
      const graph = new RevisionGraph(list)
      const rows = tips(list, first)
      fc.pre(rows.length > 0)
      const applied = [...closure(list, rows)]
      const target = applied[choice % applied.length] as string
      const doomed = new Set(list.filter(({ down }) => down.includes(target)).map(({ id }) => id))
      const expected = applied.filter((id) => [...closure(list, [id])].some((need) => doomed.has(need)))
      fc.pre(expected.length > 0 || rows.includes(target))
      const path = graph.downgradePath(rows, target)
      expect([...path].toSorted()).toEqual(expected.toSorted())
      expectApplicable(list, new Set(applied.filter((id) => !path.includes(id))), [...path].toReversed())
    }))
  })

  test('a stamp leaves no row beside one that contains it, and leads to the target', () => {
    fc.assert(fc.property(withChoices, ({ list, first, second }) => {
      const graph = new RevisionGraph(list)
      const rows = graph.stamp(tips(list, first), second)
      expect(rows).toEqual(tips(list, rows))
      for (const id of second) expect(closure(list, rows)).toContain(id)
    }))
  })

  test('the whole history is the whole graph, newest first', () => {
    fc.assert(fc.property(revisions, (list) => {
      const history = new RevisionGraph(list).history()
      expect(history).toHaveLength(list.length)
      expectApplicable(list, new Set(), [...history].toReversed())
    }))
  })
})

function needsOf(list: readonly Revision[], id: string): readonly string[] {
  return list.filter((revision) => revision.id === id).flatMap(({ down, dependsOn }) => [...down, ...dependsOn])
}

function closure(list: readonly Revision[], ids: Iterable<string>): Set<string> {
  const all = new Set(ids)
  for (const id of all) for (const need of needsOf(list, id)) all.add(need)
  return all
}

function tips(list: readonly Revision[], ids: Iterable<string>): string[] {
  const all = [...closure(list, ids)]
  return all.filter((id) => !all.some((other) => needsOf(list, other).includes(id))).toSorted()
}

function expectApplicable(list: readonly Revision[], applied: ReadonlySet<string>, path: readonly string[]): void {
  const done = new Set(applied)
  for (const id of path) {
    for (const need of needsOf(list, id)) expect(done).toContain(need)
    done.add(id)
  }
}
