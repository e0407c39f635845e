/** Whatever happens upstream between two requests: a walk that calls itself proven has met what was there all the time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movingList, walked, type MovingList } from './moving-list.ts'

interface Change {
  readonly kind: 'insert' | 'remove'
  /** A share of the length of the list. */
  readonly at: number
  readonly times: number
}

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const change: fc.Arbitrary<Change> = fc.record({ kind: fc.constantFrom('insert', 'remove'), at: place, times: fc.constantFrom(1, 1, 1, 2, 5, 40) })
const changes = fc.array(change, { maxLength: 2 })

/** Plays the changes, and says which of the tests stayed and how many came in. */
function play(list: MovingList, on: (request: number) => readonly Change[]): { readonly stayed: Set<number>; came: number } {
  const played = { stayed: new Set(list.ids()), came: 0 }
  list.before = (request) => {
    for (const { kind, at, times } of on(request)) {
      for (let count = 0; count < times; count++) {
        const index = Math.floor(at * (list.ids().length + 1))
        if (kind === 'insert') {
          list.insertAt(index)
          played.came++
        } else {
          played.stayed.delete(list.ids()[index] ?? 0)
          list.removeAt(index)
        }
      }
    }
  }
  return played
}

const missing = (stayed: Iterable<number>, ids: readonly number[]): readonly number[] => [...stayed].filter((id) => !ids.includes(id))

describe('a walk', () => {
  it('that is proven has met every test that stayed, whatever came in and went, and ends', async () => {
    let proven = 0
    await fc.assert(fc.asyncProperty(fc.nat(90), fc.array(changes, { maxLength: 12 }), async (length, schedule) => {
      const list = movingList(length)
      const played = play(list, (request) => schedule[request - 1] ?? [])
      const { ids, ending } = await walked(list.client.walkTests(list.productId))
      expect(new Set(ids).size).toBe(ids.length)
      expect(ending.requests).toBeLessThanOrEqual((length + played.came) / 20 + 40)
      if (ending.end === 'unproven') return
      proven++
      expect(missing(played.stayed, ids)).toEqual([])
    }), { numRuns: 60 })
    expect(proven).toBeGreaterThan(50)
  })

  it('that is proven has met every test that moved, when no more than one moves at a time', async () => {
    let proven = 0
    const up = fc.tuple(place.map((share) => 0.6 + share * 0.4), place.map((share) => share * 0.3))
    const move = fc.option(fc.oneof(up, fc.tuple(place, place)))
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 90 }), fc.array(move, { maxLength: 12 }), async (length, moves) => {
      const list = movingList(length)
      const all = list.ids()
      list.before = (request) => {
        const places = moves[request - 1]
        if (places !== undefined && places !== null) list.move(Math.floor(places[0] * length), Math.floor(places[1] * length))
      }
      const { ids, ending } = await walked(list.client.walkTests(list.productId))
      expect(new Set(ids).size).toBe(ids.length)
      if (ending.end === 'unproven') return
      proven++
      expect(missing(all, ids)).toEqual([])
    }), {
      numRuns: 60,
      // Two move up, and the second one to the end: what stands before it there is no newcomer.
      examples: [[85, [null, [0.6, 0], [0.6, 0], [0, 0.99]]]],
    })
    expect(proven).toBeGreaterThan(50)
  })

  it('that is proven has met every test that stayed and can be read, also when rows move while a broken one is looked for', async () => {
    let proven = 0
    const broken = fc.uniqueArray(fc.nat(89), { maxLength: 3 })
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 90 }), broken, fc.integer({ min: 1, max: 40 }), change, async (length, places, on, once) => {
      const list = movingList(length)
      const poisoned = list.ids().filter((_, index) => places.includes(index))
      list.simulator.setFaults({ poisonedTests: poisoned })
      const played = play(list, (request) => (request === on ? [once] : []))
      for (const id of poisoned) played.stayed.delete(id)
      const { ids, ending } = await walked(list.client.walkTests(list.productId))
      expect(new Set(ids).size).toBe(ids.length)
      expect(ending.requests).toBeLessThan(150)
      if (ending.end === 'unproven') return
      proven++
      expect(missing(played.stayed, ids)).toEqual([])
    }), { numRuns: 60 })
    expect(proven).toBeGreaterThan(40)
  })
})
