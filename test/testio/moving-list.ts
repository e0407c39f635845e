/** A product of a simulated account whose list of tests changes between the requests that read it. */
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { createTestioClient } from '../../src/testio/client.ts'
import type { TestioClient } from '../../src/testio/client.ts'
import type { TestioClientOptions } from '../../src/testio/settings.ts'
import type { TestWalk, WalkedWindow, WalkEnding } from '../../src/testio/walk-tests.ts'

const NEWEST = Date.UTC(2026, 5, 1)
const HOUR = 3_600_000

export interface MovingList {
  readonly simulator: Simulator
  readonly client: TestioClient
  readonly productId: number
  /** Called before the list is read for the nth time, from 1. */
  before: (request: number) => void
  /** As it stands now: newest end first, then the larger id. */
  ids(): readonly number[]
  /** A new test stands at this index afterwards; at the end when it lies behind it. */
  insertAt(index: number): void
  removeAt(index: number): void
  move(from: number, to: number): void
}

export function movingList(length: number, options: Partial<TestioClientOptions> = {}): MovingList {
  const simulator = createSimulator({ now: NEWEST })
  const { change, truth } = simulator
  const productId = truth.products[0]?.id ?? 0
  for (const test of truth.tests) change.removeTest(test.id)
  const ends = new Map<number, number>()
  const ids = (): readonly number[] => [...ends.keys()].toSorted((a, b) => (ends.get(b) ?? 0) - (ends.get(a) ?? 0) || b - a)
  const endBefore = (index: number, others: readonly number[]): number => {
    const endOf = (at: number): number | undefined => ends.get(others[at] ?? 0)
    const [above, below] = [endOf(index - 1), endOf(index)]
    if (above === undefined && below === undefined) return NEWEST
    return Math.floor(((above ?? (below ?? 0) + 2 * HOUR) + (below ?? (above ?? 0) - 2 * HOUR)) / 2)
  }
  const add = (end: number): void => {
    const { id } = change.addTest(productId, { status: 'locked', endAt: new Date(end).toISOString() })
    ends.set(id, end)
  }
  for (let index = 0; index < length; index++) add(NEWEST - index * HOUR)

  let reads = 0
  const list: MovingList = {
    simulator,
    productId,
    before: () => undefined,
    client: createTestioClient({
      token: simulator.token,
      random: () => 1,
      sleep: async () => undefined,
      ...options,
      fetch(request) {
        if (request.url.includes('/exploratory_tests?')) list.before(++reads)
        return simulator.fetch(request)
      },
    }),
    ids,
    insertAt: (index) => add(endBefore(index, ids())),
    removeAt(index) {
      const id = ids()[index]
      if (id === undefined) return
      ends.delete(id)
      change.removeTest(id)
    },
    move(from, to) {
      const id = ids()[from]
      if (id === undefined) return
      ends.delete(id)
      const end = endBefore(to, ids())
      ends.set(id, end)
      change.rescheduleTest(id, new Date(end).toISOString())
    },
  }
  return list
}

/** Everything that a walk gave, and how it ended. */
export async function walked(walk: TestWalk): Promise<{ readonly windows: readonly WalkedWindow[]; readonly ids: readonly number[]; readonly ending: WalkEnding }> {
  const windows: WalkedWindow[] = []
  for await (const window of walk) windows.push(window)
  if (walk.ending === undefined) throw new Error('The walk does not say how it ended')
  return { windows, ids: windows.flatMap(({ records }) => records.map(({ id }) => id)), ending: walk.ending }
}
