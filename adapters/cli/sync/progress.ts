/**
 * How far a sync is, on standard error: a bar where a person looks at it, else plain lines, one every few seconds at most.
 * Standard output is left to the answer.
 */
import type { SyncProgress } from '../../../src/sync/types.ts'
import type { Invocation } from '../invocation.ts'
import { bar, inColumns, percent } from '../render/progress-parts.ts'
import { startStatusLine } from '../render/status-line.ts'
import type { ProductNames } from './product-names.ts'
import { findings, place } from './progress-text.ts'
import { shareDone } from './share-done.ts'
import { timeLeft, timeLeftText, type TimeLeft } from './time-left.ts'

export interface ProgressDisplay {
  show(progress: SyncProgress): void
  /** Takes the bar away; the last line of a plain display stays. */
  stop(): void
}

export function startProgressDisplay(invocation: Invocation, names: ProductNames, now: () => number = Date.now): ProgressDisplay {
  return invocation.err.redraws ? barDisplay(invocation, names, now) : lineDisplay(invocation, names, now)
}

class Progress {
  readonly left: TimeLeft
  latest: SyncProgress | undefined
  share = 0
  /** When it last went on. */
  movedAt: number
  readonly #names: ProductNames
  readonly #now: () => number
  readonly #estimate = shareDone()

  constructor(names: ProductNames, now: () => number) {
    this.left = timeLeft(now)
    this.movedAt = now()
    this.#names = names
    this.#now = now
  }

  take(latest: SyncProgress): void {
    this.latest = latest
    this.share = this.#estimate(latest)
    this.movedAt = this.#now()
    this.left.note(this.share)
    if (latest.productId !== null) this.#names.learn(latest.productId)
  }
}

/** Then a person wonders whether it still goes on. */
const stillMs = 4_000
/** Of the line. */
const barShare = 1 / 4

function barDisplay(invocation: Invocation, names: ProductNames, now: () => number): ProgressDisplay {
  const { io, err } = invocation
  const progress = new Progress(names, now)
  const text = (): string => {
    const { latest, share, left, movedAt } = progress
    const still = now() - movedAt
    const waiting = still < stillMs ? '' : `no news for ${Math.floor(still / 1000)} s`
    const doing = io.signal?.aborted === true ? 'stopping …' : waiting
    const parts = latest === undefined
      ? [doing || 'asking for the products …']
      : [paddedOnceKnown(timeLeftText(left.seconds())), findings(latest), doing || place(latest, (id) => names.nameOf(id) ?? `product ${id}`)]
    return inColumns([`${bar(share, Math.min(20, Math.floor(err.width * barShare)))} ${percent(share).padStart(5)}`, ...parts], err.width - 1)
  }
  const line = startStatusLine(io.stderr, text)
  invocation.statusLine = line
  return {
    show(latest) {
      progress.take(latest)
      line.changed()
    },
    stop() {
      invocation.statusLine = undefined
      line.stop()
    },
  }
}

/** As wide as most of what it may say, so that what stands behind it keeps still. */
function paddedOnceKnown(text: string): string {
  return text === '' ? '' : text.padEnd(11)
}

const betweenLinesMs = 3_000

function lineDisplay(invocation: Invocation, names: ProductNames, now: () => number): ProgressDisplay {
  const progress = new Progress(names, now)
  let last = -Infinity
  return {
    show(latest) {
      progress.take(latest)
      if (now() - last < betweenLinesMs) return
      last = now()
      const parts = [percent(progress.share), findings(latest), place(latest, (id) => names.titleOf(id)), timeLeftText(progress.left.seconds())]
      invocation.note(inColumns(parts, Infinity))
    },
    stop: () => undefined,
  }
}
