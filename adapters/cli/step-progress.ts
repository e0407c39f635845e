/** How far work in steps is, on standard error, where a person looks at it; elsewhere nothing is written. */
import type { Invocation } from './invocation.ts'
import { cleanText } from './render/clean-text.ts'
import { bar, inColumns } from './render/progress-parts.ts'
import { startStatusLine, type StatusLine } from './render/status-line.ts'

export interface Step {
  /** Of the step that runs now, from 1. */
  readonly index: number
  readonly total: number
  readonly what: string
}

const barCells = 20

/** Runs `work` with a function that shows each step, and takes the bar away at the end. */
export async function withProgress<R>(invocation: Invocation, work: (show: (step: Step) => void) => Promise<R>): Promise<R> {
  const { io, err, flags } = invocation
  if (!err.redraws || flags.json === true) return work(() => undefined)
  let line: StatusLine | undefined
  let step: Step | undefined
  const text = (): string => {
    if (step === undefined) return ''
    const { index, total, what } = step
    return inColumns([`${bar((index - 1) / total, barCells)} ${index - 1} of ${total}`, cleanText(what)], err.width - 1)
  }
  try {
    return await work((next) => {
      step = next
      line ??= invocation.statusLine = startStatusLine(io.stderr, text)
      line.changed()
    })
  } finally {
    invocation.statusLine = undefined
    line?.stop()
  }
}
