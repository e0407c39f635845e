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

interface Progress {
  readonly latest: SyncProgress | undefined
  readonly share: number
  readonly left: TimeLeft
  /** When it last went on. */
  readonly movedAt: number
  take(progress: SyncProgress): void
}

function followProgress(names: ProductNames, now: () => number): Progress {
  const estimate = shareDone()
  const left = timeLeft(now)
  const state = {
    latest: undefined as SyncProgress | undefined,
    share: 0,
    left,
    movedAt: now(),
    take(progress: SyncProgress) {
      Object.assign(state, { latest: progress, share: estimate(progress), movedAt: now() })
      left.note(state.share)
      if (progress.productId !== null) names.learn(progress.productId)
    },
  }
  return state
}

/** Then a person wonders whether it still goes on. */
const stillMs = 4_000
const barCells = 20

function barDisplay(invocation: Invocation, names: ProductNames, now: () => number): ProgressDisplay {
  const { io, err } = invocation
  const progress = followProgress(names, now)
  const text = (): string => {
    const { latest, share, left, movedAt } = progress
    const still = now() - movedAt
    const waiting = still < stillMs ? '' : `waiting for the API, ${Math.floor(still / 1000)} s`
    const doing = io.signal?.aborted === true ? 'stopping …' : waiting
    const parts = latest === undefined
      ? [doing || 'asking for the products …']
      : [timeLeftText(left.seconds()).padEnd(11), findings(latest), doing || place(latest, (id) => names.nameOf(id) ?? `product ${id}`)]
    return inColumns([`${bar(share, barCells)} ${percent(share).padStart(5)}`, ...parts], err.width - 1)
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

const betweenLinesMs = 3_000

function lineDisplay(invocation: Invocation, names: ProductNames, now: () => number): ProgressDisplay {
  const progress = followProgress(names, now)
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
