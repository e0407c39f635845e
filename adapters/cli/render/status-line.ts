/**
 * One line at the bottom of a terminal that says how far something is. It is drawn again while time passes, since it may
 * speak of time; what else is written meanwhile goes above it. The cursor is hidden as long as it stands.
 */
import type { OutputStream } from '../io.ts'

export interface StatusLine {
  /** Its text may be another one now. Drawn at once, but not more often than a person can see. */
  changed(): void
  /** Lets something else be written where the line stands, and puts the line below that. */
  above(write: () => void): void
  /** Takes it away and gives the cursor back. */
  stop(): void
}

/** Ends a line that somebody else left standing, when there is no time to ask them. */
export const endOfStatusLine = '\r\x1b[K\x1b[?25h'

const redrawMs = 100

/** @param text the line as it is now, shorter than the terminal is wide */
export function startStatusLine(stream: OutputStream, text: () => string): StatusLine {
  let drawn: string | undefined
  let drawnAt = 0
  const draw = (): void => {
    const line = text()
    if (line === drawn) return
    drawn = line
    drawnAt = performance.now()
    stream.write(`\r${line}\x1b[K`)
  }
  stream.write('\x1b[?25l')
  draw()
  const timer = setInterval(draw, redrawMs)
  timer.unref()
  return {
    changed() {
      // Work that never lets go of the thread would keep the timer from it.
      if (performance.now() - drawnAt >= redrawMs) draw()
    },
    above(write) {
      stream.write('\r\x1b[K')
      write()
      drawn = undefined
      draw()
    },
    stop() {
      clearInterval(timer)
      stream.write(endOfStatusLine)
    },
  }
}
