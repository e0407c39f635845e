/** Counts the work of a run as it is found and done, and tells whoever listens. `done` never goes back. */
import { addCounts, noCounts, type WriteCounts } from './record-writer.ts'
import type { SyncProgress, SyncStream } from './types.ts'

export class ProgressMeter {
  #done = 0
  #total = 0
  #counts: WriteCounts = noCounts
  readonly #listener: ((progress: SyncProgress) => void) | undefined

  constructor(listener: ((progress: SyncProgress) => void) | undefined) {
    this.#listener = listener
  }

  get counts(): WriteCounts {
    return this.#counts
  }

  /** More work has been found. */
  expect(units: number): void {
    this.#total += units
  }

  /** One unit of work is done. */
  advance(stream: SyncStream, productId: number | null, counts: WriteCounts): void {
    this.#done += 1
    this.#total = Math.max(this.#total, this.#done)
    this.#counts = addCounts(this.#counts, counts)
    this.#listener?.({ done: this.#done, total: this.#total, stream, productId, newCount: this.#counts.new, changedCount: this.#counts.changed })
  }
}
