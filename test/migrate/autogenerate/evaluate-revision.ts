/** What the source of a revision does, found by running it: it is plain JavaScript once its imports are gone. */
import { createOp } from '../../../src/migrate/op.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { type Revision, defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { type NamingConvention, defaultNaming } from '../../../src/schema/table.ts'
import type { Dialect } from '../../../src/storage/storage.ts'

export function evaluateRevision(source: string): Revision {
  const body = source.replace(/^import .*$/gm, '').replace('export default', 'return')
  // oxlint-disable-next-line no-implied-eval -- the source under test is to be run, and nothing else can show what it does
  return new Function('defineRevision', 'c', body)(defineRevision, c) as Revision
}

export async function operationsOf(revision: Revision, direction: 'upgrade' | 'downgrade', naming: NamingConvention = defaultNaming, dialect: Dialect = 'sqlite'): Promise<readonly Operation[]> {
  const operations: Operation[] = []
  const session = createOp({ dialect, offline: true, naming, apply: async (operation) => void operations.push(operation), query: () => Promise.reject(new Error('No database')) })
  await revision[direction]?.(session.op)
  await session.finish()
  return operations
}
