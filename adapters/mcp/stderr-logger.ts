/** Where a server logs when nobody says otherwise: warnings and errors to standard error, since standard output is the protocol's. */
import type { Logger } from '../../src/tidemark.ts'
import { createLogger } from '../node/logger.ts'

export const stderrLogger: Logger = createLogger({ level: 'warn', write: (line) => void process.stderr.write(line) })
