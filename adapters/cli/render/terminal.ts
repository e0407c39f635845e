/** What an output can show: its width and whether it has colours. Colour is decoration here, never the only sign. */
import { styleText } from 'node:util'
import type { Io, OutputStream } from '../io.ts'

export interface Terminal {
  /** Cells of a line, 40 or more. */
  readonly width: number
  /** A person is looking at it. */
  readonly interactive: boolean
  style(format: Style, text: string): string
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** What this output of the program can show. 80 cells wide when it does not say. */
export function terminalOf(io: Io, stream: OutputStream): Terminal {
  const interactive = stream.isTTY === true
  const colour = interactive && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb'
  return {
    width: Math.max(40, stream.columns ?? (Number(io.env['COLUMNS']) || 80)),
    interactive,
    style: (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text),
  }
}
