/**
 * Walks the test list of a product to its proven end. The API gives no total, and rows come, go and move while it is read;
 * so every window overlaps the one before it, and the end is a window that is shorter than asked for and brings nothing
 * behind the overlap. A walk that calls itself proven has met every test that was in the list from its beginning to its end
 * (one that moves up past the reader while as many others go is the exception that no reader can see). There is no limit on
 * rows; a list that never stops moving, and an API that is down, end the walk unproven after a bounded number of requests.
 */
import { isTidemarkError, TidemarkError } from '../errors.ts'
import type { MalformedRecord } from './envelope.ts'
import { apiError, malformed, whatFailed } from './failure.ts'
import { ListChain } from './list-chain.ts'
import type { Taken } from './list-chain.ts'
import { SalvagingReader } from './salvaging-reader.ts'
import type { Piece, ReadWindow, UnreadableRow } from './salvaging-reader.ts'
import type { TestWindow } from './test-window.ts'
import type { WireTest } from './wire/test.ts'

/** A part of the list as it was read. */
export interface WalkedWindow {
  /** Index of its first row when it was read. */
  readonly start: number
  /** Each test once over the walk. */
  readonly records: readonly WireTest[]
  readonly malformed: readonly MalformedRecord[]
  /** Rows that the API cannot give, each once over the walk. */
  readonly unreadable: readonly UnreadableRow[]
  /** Of every row in the order of the API, repeated and malformed ones too; null where even the id cannot be read. */
  readonly ids: readonly (number | null)[]
}

export interface WalkEnding {
  readonly end: 'proven' | 'unproven'
  /** Why it is unproven. */
  readonly reason?: TidemarkError
  /** Requests sent, every attempt counted. */
  readonly requests: number
}

export interface TestWalk extends AsyncGenerator<WalkedWindow, WalkEnding, undefined> {
  /** What the walk also returns; undefined while it goes on, and for ever when the consumer stops it. */
  readonly ending: WalkEnding | undefined
}

export interface WalkOptions {
  /** Requests spent on finding and passing rows that cannot be read, over the whole walk. Default 60. */
  readonly maxSalvageRequests?: number | undefined
}

/** How often the list is gone through to find the rows that came in before the reader. */
const MAX_ROUNDS = 3
/** Steps back without progress. */
const MAX_STEPS_BACK = 10
const STEP_BACK = 30
/** Windows in succession that go further into the list and bring nothing. */
const MAX_IDLE = 20

export function walkTests(readWindow: ReadWindow, path: string, { maxSalvageRequests = 60 }: WalkOptions = {}): TestWalk {
  const walk = new Walk(readWindow, path, maxSalvageRequests)
  // The getter is what TestWalk adds to the generator.
  return Object.defineProperty(walk.windows(), 'ending', { get: () => walk.ending }) as TestWalk
}

class Walk {
  ending: WalkEnding | undefined
  readonly #path: string
  readonly #chain = new ListChain()
  readonly #reader: SalvagingReader
  /** Rows that are known to have come in before the reader, and were not met yet. */
  #owed = 0
  #stepsBack = 0
  #stepsBackInARow = 0
  #idle = 0
  #gathered: WalkedWindow | undefined
  readonly #reported = new Set<string>()

  constructor(readWindow: ReadWindow, path: string, maxSalvageRequests: number) {
    this.#path = path
    this.#reader = new SalvagingReader(this.#chain, readWindow, maxSalvageRequests)
  }

  async *windows(): AsyncGenerator<WalkedWindow, WalkEnding, undefined> {
    let reason: TidemarkError | undefined
    try {
      yield* this.#rounds()
    } catch (error) {
      if (!isTidemarkError(error) || error.code === 'aborted') throw error
      reason = error
      yield* this.#release()
    }
    const { requests } = this.#reader
    this.ending = reason === undefined ? { end: 'proven', requests } : { end: 'unproven', reason, requests }
    return this.ending
  }

  async *#rounds(): AsyncGenerator<WalkedWindow, void, undefined> {
    for (let round = 1; ; round++) {
      const arrivals = yield* this.#round(round)
      if (this.#owed === 0 || (round > 1 && arrivals === 0)) return
      if (round === MAX_ROUNDS) throw this.#moving()
      this.#reader.reset()
      this.#chain.rewind(0)
    }
  }

  /** To the end of the list, or in a later round until nothing is owed; gives the rows that came in meanwhile. */
  async *#round(round: number): AsyncGenerator<WalkedWindow, number, undefined> {
    let arrivals = 0
    for (;;) {
      const piece = await this.#reader.next()
      if (piece === null) {
        yield* this.#release()
        this.#stepBack()
        continue
      }
      const { window } = piece
      // A lone row without an id may stand beside one that cannot be read.
      if (window.size > 1 && window.ids.length > 0 && window.ids.every((id) => id === null)) throw this.#nameless()
      const taken = this.#chain.take(window)
      arrivals += taken.arrivals
      // In the first round the new rows of known ground may also have moved up, for others that went.
      const paid = round > 1 && taken.isKnownGround ? taken.fresh : taken.filledIn
      this.#owed = Math.max(0, this.#owed + taken.arrivals - paid)
      this.#gather(piece, taken)
      const isEnd = taken.fresh === 0 && window.ids.length !== window.size
      const isFound = round > 1 && this.#owed === 0
      if (isEnd || isFound || !this.#reader.isSalvaging) yield* this.#release()
      if (isEnd || isFound) return arrivals
      this.#judge(window, taken)
    }
  }

  /** @throws TidemarkError when the list gives reason to doubt that it ever ends */
  #judge({ start, size, ids }: TestWindow, { fresh, isKnownGround }: Taken): void {
    this.#stepsBackInARow = 0
    // New rows at the beginning are no progress: a list that is another one each time has them for ever.
    if (fresh > 0 && start > 0) this.#idle = this.#stepsBack = 0
    else if ((!isKnownGround || ids.length > size) && ++this.#idle > MAX_IDLE) throw this.#moving()
  }

  /** Twice as far each time, so that what has moved is overtaken soon; at the latest the beginning of the list links. */
  #stepBack(): void {
    if (++this.#stepsBack > MAX_STEPS_BACK) throw this.#moving()
    this.#reader.reset()
    this.#chain.rewind(Math.max(0, this.#chain.next - STEP_BACK * 2 ** this.#stepsBackInARow++))
  }

  #gather({ window, unreadable }: Piece, { records, malformed: broken }: Taken): void {
    const unreported = unreadable.filter(({ after, nth }) => !this.#reported.has(`${after}:${nth}`))
    for (const { after, nth } of unreported) this.#reported.add(`${after}:${nth}`)
    const gathered = this.#gathered ?? { start: window.start, records: [], malformed: [], unreadable: [], ids: [] }
    this.#gathered = {
      start: gathered.start,
      records: [...gathered.records, ...records],
      malformed: [...gathered.malformed, ...broken],
      unreadable: [...gathered.unreadable, ...unreported],
      ids: [...gathered.ids, ...window.ids],
    }
  }

  *#release(): Generator<WalkedWindow, void, undefined> {
    const gathered = this.#gathered
    this.#gathered = undefined
    if (gathered !== undefined && gathered.records.length + gathered.malformed.length + gathered.unreadable.length > 0) yield gathered
  }

  #nameless(): TidemarkError {
    return apiError(malformed('A page of tests has no readable id.', 200), { path: this.#path, attempts: 1 })
  }

  #moving(): TidemarkError {
    return new TidemarkError('api_malformed', whatFailed(this.#path), {
      why: 'Its rows did not keep their places long enough to be read one after another.',
      next: 'Try again; if it stays, report it to TestIO support with the path.',
      retryable: true,
      details: { status: 200, path: this.#path, attempts: this.#reader.requests },
    })
  }
}
