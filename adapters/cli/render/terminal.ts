/** What an output can show: its width and whether it has colours. Colour is decoration here, never the only sign. */
import { styleText } from 'node:util'
import type { Io, OutputStream } from '../io.ts'

export interface Terminal {
  /** Cells of a line, 40 or more, at this moment. */
  readonly width: number
  /** A person is looking at it. */
  readonly interactive: boolean
  /** A line can be written over. */
  readonly redraws: boolean
  style(format: Style, text: string): string
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** What this output of the program can show. 80 cells wide when it does not say. */
export function terminalOf(io: Io, stream: OutputStream): Terminal {
  const interactive = stream.isTTY === true
  const redraws = interactive && io.env['TERM'] !== 'dumb'
  const colour = redraws && !io.env['NO_COLOR']
  return {
    get width() {
      return Math.max(40, stream.columns ?? (Number(io.env['COLUMNS']) || 80))
    },
    interactive,
    redraws,
    style: (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text),
  }
}
