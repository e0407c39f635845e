/**
 * Counts the work of a run as it is found and done, and tells whoever listens. A unit is a page, a single record or a batch.
 * What a step will take is first what it took last time, or what others of its stream take, then what it finds; `done`
 * never goes back.
 */
import type { RunProgress } from './ledger.ts'
import { addCounts, noCounts, type WriteCounts } from './record-writer.ts'
import type { SyncProgress, SyncStream } from './types.ts'

interface StepProgress {
  readonly stream: SyncStream
  /** Undefined as long as nothing is known of it. */
  expected: number | undefined
  done: number
}

export class ProgressMeter {
  #done = 0
  #counts: WriteCounts = noCounts
  readonly #steps = new Map<string, StepProgress>()
  readonly #listener: ((progress: SyncProgress) => void) | undefined

  constructor(listener: ((progress: SyncProgress) => void) | undefined) {
    this.#listener = listener
  }

  get counts(): WriteCounts {
    return this.#counts
  }

  get progress(): Pick<RunProgress, 'done' | 'expected'> {
    return { done: this.#done, expected: this.#total() }
  }

  /** So many units are expected of a step, in place of what was expected before; undefined: it will come, and nobody knows what of it. */
  expect(stream: SyncStream, productId: number | null, units: number | undefined): void {
    this.#step(stream, productId).expected = units
  }

  /** So many are still to come of it, as it turned out. */
  ahead(stream: SyncStream, productId: number | null, units: number): void {
    const step = this.#step(stream, productId)
    step.expected = step.done + units
  }

  /** One unit is done. */
  advance(stream: SyncStream, productId: number | null, counts: WriteCounts): void {
    this.#done += 1
    this.#step(stream, productId).done += 1
    this.add(counts)
    this.#listener?.({
      done: this.#done, total: this.#total(), stream, productId,
      newCount: this.#counts.new, changedCount: this.#counts.changed, deletedCount: this.#counts.deleted,
    })
  }

  /** Counts that are no unit of work. */
  add(counts: WriteCounts): void {
    this.#counts = addCounts(this.#counts, counts)
  }

  /** Nothing more comes of a step. */
  settle(stream: SyncStream, productId: number | null): void {
    this.ahead(stream, productId, 0)
  }

  #step(stream: SyncStream, productId: number | null): StepProgress {
    const key = `${productId ?? 0} ${stream}`
    const step = this.#steps.get(key) ?? { stream, expected: undefined, done: 0 }
    this.#steps.set(key, step)
    return step
  }

  /** A step of which nothing is known counts as half of the average of its stream: an account's first products are its biggest. */
  #total(): number {
    const known = new Map<SyncStream, { units: number; steps: number }>()
    const unknown: SyncStream[] = []
    let total = 0
    for (const { stream, expected, done } of this.#steps.values()) {
      if (expected === undefined && done === 0) {
        unknown.push(stream)
        continue
      }
      const units = Math.max(expected ?? 0, done)
      const sum = known.get(stream) ?? { units: 0, steps: 0 }
      known.set(stream, { units: sum.units + units, steps: sum.steps + 1 })
      total += units
    }
    for (const stream of unknown) {
      const { units, steps } = known.get(stream) ?? { units: 1, steps: 1 }
      total += Math.max(1, units / steps / 2)
    }
    return Math.max(this.#done, Math.round(total))
  }
}
