/** What must hold for SQLite to work on pages that the adapter keeps, on a file or in a browser. */
import { TidemarkError } from '../../src/errors.ts'
import type { EngineBytes } from './file/engine-bytes.ts'

const journalPragma = /^\s*pragma\s+(?:\w+\s*\.\s*)?(?:journal_mode|locking_mode)\s*[=(]/i

/** In another mode SQLite would write where the adapter does not see it, or not count its commits. */
export function requireOwnJournal(sql: string): void {
  if (!journalPragma.test(sql)) return
  throw new TidemarkError('statement_failed', 'Cannot run the statement on SQLite', {
    why: 'The adapter keeps the journal and the locks of the database itself.',
    next: 'Leave the pragma out.',
  })
}

/** @throws TidemarkError `internal` when sql.js does not work as `EngineBytes` needs it: better no database than one that loses commits */
export function requireInUse(bytes: EngineBytes): void {
  if (bytes.isInUse) return
  throw new TidemarkError('internal', 'Cannot use the database', {
    why: 'This version of sql.js keeps files in another way than the one that Tidemark was made with.',
    next: 'Install the version of "sql.js" that the package.json of Tidemark names.',
  })
}
