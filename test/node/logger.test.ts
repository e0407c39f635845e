import { describe, expect, it } from 'vitest'
import { createLogger, logLevels, type LogLevel } from '../../adapters/node/logger.ts'
import { passwordsOfUrl, redactor } from '../../adapters/node/secrets.ts'

function linesAt(level: LogLevel, redact?: (text: string) => string): string {
  let text = ''
  const logger = createLogger({ level, write: (line) => (text += line), redact })
  logger.debug('d-token')
  logger.info('i')
  logger.warn('w')
  logger.error('e')
  return text
}

describe('createLogger', () => {
  it('drops what is below its level', () => {
    expect(logLevels.map((level) => linesAt(level).split('\n').length - 1)).toEqual([4, 3, 2, 1, 0])
    expect(linesAt('warn')).toBe('warn: w\nerror: e\n')
  })

  it('takes secrets out of a message', () => {
    expect(linesAt('debug', redactor(['token']))).toMatch(/^debug: d-\[redacted\]\n/)
  })
})

describe('redactor', () => {
  it('replaces every spelling, the longest first, and ignores what is too short to be one', () => {
    expect(redactor(['aa bb', 'aa bb cc', '', 'x'])('x aa bb cc aa%20bb%20cc aa bb y')).toBe('x [redacted] [redacted] [redacted] y')
  })

  it('knows a password in each form in which a URL can hold it', () => {
    expect(passwordsOfUrl('postgres://me:p%40ss@db/x?password=other')).toEqual(['p%40ss', 'p@ss', 'other'])
    expect(passwordsOfUrl('postgres://db/x')).toEqual([])
    expect(passwordsOfUrl('no url')).toEqual([])
  })
})
