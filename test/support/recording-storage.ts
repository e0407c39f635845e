/** A storage that keeps what is asked of it outside of transactions: the statements of the library's answers. */
import type { Statement, Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from './around-statements.ts'

export interface RecordingStorage extends Storage {
  /** The statements since the last call. */
  takeStatements(): readonly Statement[]
}

export function recordingStorage(storage: Storage): RecordingStorage {
  let asked: Statement[] = []
  const around = aroundStatements(storage, (statement, ask, place) => {
    if (place !== 'transaction') asked.push(statement)
    return ask()
  })
  return {
    ...around,
    takeStatements() {
      const taken = asked
      asked = []
      return taken
    },
  }
}
