/**
 * Reads a list piece by piece, each linked to what was read before, around the rows that the API cannot give. A window that
 * fails is narrowed down by smaller ones until a single row fails; what stands behind that row is read by its place alone,
 * and believed when afterwards the row still fails and the one before it still stands where it stood. Rows that fail one
 * after another are no broken records but an API that is down. What a piece means for the walk is not decided here.
 */
import { isTidemarkError } from '../errors.ts'
import type { TidemarkError } from '../errors.ts'
import type { ListChain } from './list-chain.ts'
import type { TestWindow } from './test-window.ts'
import { blindWindow, endOf, middleWindow, widestWindow } from './window-range.ts'
import type { WindowRange } from './window-range.ts'

/** A row that the API cannot give; not even its id is known. */
export interface UnreadableRow {
  /** The id of the last readable row before it; null when there is none. */
  readonly after: number | null
  /** Its place behind that row: 1 when it stands directly behind it. */
  readonly nth: number
  readonly error: TidemarkError
}

export interface Piece {
  readonly window: TestWindow
  /** The rows before the window that were given up. */
  readonly unreadable: readonly UnreadableRow[]
}

/** `final` are statuses that are not tried again. */
export type ReadWindow = (range: WindowRange, options: { readonly final: readonly number[] }) => Promise<TestWindow>

/** Statuses with which the API answers for a page that holds a record it cannot give. A 503 is about the API itself. */
const BROKEN_PAGE = [500, 502, 504]
/** So many unreadable rows in succession are an outage. */
const MAX_RUN = 6

export class SalvagingReader {
  readonly #chain: ListChain
  readonly #readWindow: ReadWindow
  readonly #maxSalvageRequests: number
  #requests = 0
  #salvageRequests = 0
  /** Some row before it fails; infinite when none is looked for. */
  #below = Number.POSITIVE_INFINITY
  /** The end of the window that failed first. */
  #until = 0
  /** The errors of the rows that were given up directly before the next one. */
  #run: TidemarkError[] = []
  /** No window may begin before it, since it would hold a row that was given up. */
  #floor = 0
  #lastError: TidemarkError | undefined

  constructor(chain: ListChain, readWindow: ReadWindow, maxSalvageRequests: number) {
    this.#chain = chain
    this.#readWindow = readWindow
    this.#maxSalvageRequests = maxSalvageRequests
  }

  /** Requests sent, every attempt counted. */
  get requests(): number {
    return this.#requests
  }

  /** True while the rows of a window that failed are being read. */
  get isSalvaging(): boolean {
    return this.#run.length > 0 || this.#chain.next < this.#until
  }

  /**
   * The next piece, or null when rows have moved, so that it cannot be linked. The caller takes it into the chain.
   *
   * @throws TidemarkError of the API, also when the requests for salvaging are used up
   */
  async next(): Promise<Piece | null> {
    for (;;) {
      const range = this.#range()
      const answer = await this.#read(range)
      if (isTidemarkError(answer)) {
        this.#narrow(range, answer)
        continue
      }
      // More rows than asked for: paging is ignored, and these are all of them.
      const window = answer.ids.length > answer.size ? { ...answer, start: 0 } : answer
      const isBlind = window.start > 0 && window.start === this.#chain.next
      if (!(isBlind ? await this.#stands() : this.#chain.isLinked(window))) return null
      return { window, unreadable: this.#givenUp() }
    }
  }

  /** Forgets where rows failed, since they have moved. */
  reset(): void {
    this.#below = Number.POSITIVE_INFINITY
    this.#until = this.#floor = 0
    this.#run = []
  }

  #range(): WindowRange {
    const { next } = this.#chain
    const single = { start: next, size: 1 }
    if (this.#run.length > 0) return single
    if (next >= this.#below) this.#below = Number.POSITIVE_INFINITY
    const overlap = this.#chain.overlap(this.#floor)
    if (this.#below < Number.POSITIVE_INFINITY) return middleWindow(next, this.#below, overlap) ?? single
    return widestWindow(next, overlap) ?? blindWindow(next)
  }

  #narrow(range: WindowRange, error: TidemarkError): void {
    this.#until = Math.max(this.#until, endOf(range))
    if (range.start < this.#chain.next || range.size > 1) {
      this.#below = endOf(range)
      return
    }
    this.#run.push(error)
    if (this.#run.length > MAX_RUN) throw error
    this.#chain.skip()
    this.#floor = this.#chain.next
    this.#below = Number.POSITIVE_INFINITY
  }

  #givenUp(): readonly UnreadableRow[] {
    const { next, frontier } = this.#chain
    const first = next - this.#run.length - frontier.index
    const rows = this.#run.map((error, at) => ({ after: frontier.id, nth: first + at, error }))
    this.#run = []
    return rows
  }

  /** Whether the rows before the next one are where they were before it was read. Rows that moved and moved back go unseen. */
  async #stands(): Promise<boolean> {
    const { next, frontier } = this.#chain
    if (frontier.id !== null) {
      const row = await this.#read({ start: frontier.index, size: 1 })
      if (isTidemarkError(row) || row.ids[0] !== frontier.id) return false
    } else if (frontier.index >= 0 || this.#run.length === 0) return false
    return this.#run.length === 0 || isTidemarkError(await this.#read({ start: next - 1, size: 1 }))
  }

  /** The window, or the error that says that it holds a row which cannot be read. */
  async #read(range: WindowRange): Promise<TestWindow | TidemarkError> {
    const isSalvaging = this.isSalvaging
    if (isSalvaging && this.#salvageRequests >= this.#maxSalvageRequests && this.#lastError !== undefined) throw this.#lastError
    const count = (attempts: number): void => {
      this.#requests += attempts
      if (isSalvaging) this.#salvageRequests += attempts
    }
    try {
      const window = await this.#readWindow(range, { final: isSalvaging ? BROKEN_PAGE : [] })
      count(window.attempts)
      return window
    } catch (error) {
      if (!isTidemarkError(error)) throw error
      count(Number(error.details['attempts'] ?? 0))
      if (!isBrokenPage(error)) throw error
      this.#lastError = error
      return error
    }
  }
}

function isBrokenPage({ code, details: { status } }: TidemarkError): boolean {
  return (code === 'api_malformed' && status === 200) || (typeof status === 'number' && BROKEN_PAGE.includes(status))
}
