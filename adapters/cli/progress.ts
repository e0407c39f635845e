/**
 * How far a sync is, on standard error: a bar where a person looks at it, else plain lines, at most one a second.
 * Standard output is left to the answer.
 */
import { SingleBar } from 'cli-progress'
import type { SyncProgress, SyncStream } from '../../src/sync/types.ts'
import type { Invocation } from './invocation.ts'
import { progressEstimate } from './progress-estimate.ts'
import { cutToWidth } from './render/display-width.ts'
import { count } from './render/figures.ts'

export interface ProgressDisplay {
  show(progress: SyncProgress): void
  /** Takes the bar away; the last line of a plain display stays. */
  stop(): void
}

export function createProgressDisplay(invocation: Invocation, now: () => number = Date.now): ProgressDisplay {
  return invocation.err.interactive ? barDisplay(invocation) : lineDisplay(invocation, now)
}

function barDisplay(invocation: Invocation): ProgressDisplay {
  const { width } = invocation.err
  const barsize = Math.max(8, Math.min(30, width - 56))
  const bar = new SingleBar({
    stream: invocation.io.stderr,
    format: '{bar} {percentage} %  {what}',
    barsize,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    emptyOnZero: true,
  })
  const estimate = progressEstimate()
  let started = false
  return {
    show: (progress) => {
      const payload = { what: cutToWidth(describe(progress), width - barsize - 9) }
      if (!started) bar.start(1, 0, payload)
      started = true
      bar.update(estimate(progress), payload)
    },
    stop: () => bar.stop(),
  }
}

function lineDisplay(invocation: Invocation, now: () => number): ProgressDisplay {
  let last = -Infinity
  return {
    show: (progress) => {
      if (now() - last < 1000) return
      last = now()
      invocation.note(`${count(progress.done)} of ${count(progress.total)}  ${describe(progress)}`)
    },
    stop: () => undefined,
  }
}

const streams: Readonly<Record<SyncStream, string>> = {
  products: 'products',
  reject_reasons: 'reject reasons',
  features: 'features',
  tests: 'tests',
  bugs: 'bugs',
}

function describe({ stream, productId, newCount, changedCount }: SyncProgress): string {
  const where = productId === null ? streams[stream] : `${streams[stream]} of product ${productId}`
  return `${where}: ${count(newCount)} new${changedCount === 0 ? '' : `, ${count(changedCount)} changed`}`
}
