/**
 * What a walk has met of a list whose rows come and go while it is read. It holds that with a row every row before it has
 * been met that was there all the time: a window is taken only when it begins with a row that was met, or with the list
 * itself, since then nothing can have slipped through in between.
 */
import type { MalformedRecord } from './envelope.ts'
import type { TestWindow } from './test-window.ts'
import type { Overlap } from './window-range.ts'
import type { WireTest } from './wire/test.ts'

/** What a window brought that no window before it had. */
export interface Taken {
  readonly records: readonly WireTest[]
  readonly malformed: readonly MalformedRecord[]
  /** New rows, readable or not. */
  readonly fresh: number
  /** Those of them that stand before rows met earlier, which have not moved down themselves: they came in meanwhile. */
  readonly filledIn: number
  /** Rows that came in somewhere before this window since its first row was read. */
  readonly arrivals: number
  /** False when it reaches further into the list than any before. */
  readonly isKnownGround: boolean
}

export class ListChain {
  readonly #indexOf = new Map<number, number>()
  #next = 0
  #frontier: { readonly index: number; readonly id: number | null } = { index: -1, id: null }
  #reach = 0

  /** The index behind the last row that was read or given up. */
  get next(): number {
    return this.#next
  }

  /** The last row with a readable id; its id is null where it is not known any more. */
  get frontier(): { readonly index: number; readonly id: number | null } {
    return this.#frontier
  }

  /** Where the next window has to begin, not before `floor`. */
  overlap(floor: number): Overlap {
    return { from: floor, to: this.#next === 0 ? 0 : this.#frontier.index }
  }

  isLinked({ start, ids }: TestWindow): boolean {
    const first = ids.find((id) => id !== null)
    return start === 0 || (typeof first === 'number' && this.#indexOf.has(first))
  }

  take({ start, ids, records, malformed }: TestWindow): Taken {
    const lastMet = ids.findLastIndex((id) => this.#isMet(id))
    // Rows without an id are told apart by their places alone.
    const trailing = lastMet >= 0 && ids[lastMet] === this.#frontier.id ? this.#next - 1 - this.#frontier.index : 0
    const isNew = (id: number | null, at: number): boolean => id === null && at > lastMet + trailing && start + at >= this.#reach
    const newNameless = ids.filter(isNew).length
    const nameless = malformed.filter(({ id }) => id === null)
    const given = new Set<number>()
    const isFirst = ({ id }: { readonly id: number | null }): boolean => {
      if (id === null || this.#isMet(id) || given.has(id)) return false
      given.add(id)
      return true
    }
    const taken: Taken = {
      records: records.filter(isFirst),
      malformed: [...malformed.filter(isFirst), ...nameless.slice(nameless.length - newNameless)],
      fresh: given.size + newNameless,
      filledIn: ids.slice(0, this.#lastInOrder(ids)).filter((id) => id !== null && !this.#isMet(id)).length,
      arrivals: this.#arrivals(start, ids),
      isKnownGround: start + ids.length <= this.#reach,
    }
    this.#advance(start, ids)
    return taken
  }

  /** A row is given up. */
  skip(): void {
    this.#next++
  }

  /** Reads on from an index that was passed before; the rows there may be others by now. */
  rewind(next: number): void {
    this.#next = next
    this.#frontier = { index: next - 1, id: null }
  }

  #isMet(id: number | null): boolean {
    return id !== null && this.#indexOf.has(id)
  }

  /** Of the rows that were met, the last one that none before it had stood behind. Those after it moved down, over rows that need not be new. */
  #lastInOrder(ids: readonly (number | null)[]): number {
    let [last, highest] = [0, -1]
    for (const [at, id] of ids.entries()) {
      const index = this.#indexOf.get(id ?? 0) ?? -1
      if (index > highest) [last, highest] = [at, index]
    }
    return last
  }

  #arrivals(start: number, ids: readonly (number | null)[]): number {
    const at = ids.findIndex((id) => id !== null)
    const before = this.#indexOf.get(ids[at] ?? 0)
    return before === undefined ? 0 : Math.max(0, start + at - before)
  }

  #advance(start: number, ids: readonly (number | null)[]): void {
    for (const [at, id] of ids.entries()) {
      if (id === null) continue
      this.#indexOf.set(id, start + at)
      this.#frontier = { index: start + at, id }
    }
    this.#next = start + ids.length
    this.#reach = Math.max(this.#reach, this.#next)
  }
}
