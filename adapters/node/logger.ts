/** Log lines for a person, one a message, written where the caller says; standard error in every program of this package. */
import type { Logger } from '../../src/tidemark.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  /** Gets a whole line, with its end. */
  write(line: string): void
  /** Takes secrets out of a message. Default: the message as it is. */
  readonly redact?: ((text: string) => string) | undefined
}

/** A logger that drops what is below its level. */
export function createLogger({ level, write, redact = (text) => text }: LoggerOptions): Logger {
  const threshold = logLevels.indexOf(level)
  const at = (own: LogLevel) => (message: string) => {
    if (logLevels.indexOf(own) >= threshold) write(`${own}: ${redact(message)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
