/** How far work in steps is, on standard error, where a person looks at it; elsewhere nothing is written. */
import { SingleBar } from 'cli-progress'
import type { Invocation } from './invocation.ts'
import { cleanText } from './render/clean-text.ts'
import { cutToWidth } from './render/display-width.ts'

export interface Step {
  /** Of the step that runs now, from 1. */
  readonly index: number
  readonly total: number
  readonly what: string
}

/** Runs `work` with a function that shows each step, and takes the bar away at the end. */
export async function withProgress<R>(invocation: Invocation, work: (show: (step: Step) => void) => Promise<R>): Promise<R> {
  if (!invocation.err.interactive || invocation.flags.json === true) return work(() => undefined)
  const bar = new SingleBar({
    stream: invocation.io.stderr, format: '{bar} {value} of {total}  {what}', barsize, barCompleteChar: '█', barIncompleteChar: '░', hideCursor: true, clearOnComplete: true,
  })
  let started = false
  try {
    return await work(({ index, total, what }) => {
      const payload = { what: cutToWidth(cleanText(what), invocation.err.width - barsize - 16) }
      if (!started) bar.start(total, 0, payload)
      started = true
      bar.update(index - 1, payload)
    })
  } finally {
    bar.stop()
  }
}

const barsize = 20
