/** What PostgreSQL does only outside of a transaction, and a migrator refuses inside of one on every engine. */
import { isConcurrent } from '../../operation.ts'
import { rule } from '../rule.ts'

export const concurrentInTransaction = rule({
  id: 'concurrent-in-transaction',
  looksAt: ['createIndex', 'dropIndex'],
  check(operation, { revision }) {
    if (!isConcurrent(operation) || revision.transaction === false) return undefined
    return {
      severity: 'error',
      why: `Index "${operation.kind === 'createIndex' ? operation.index.name : operation.name}" is ${operation.kind === 'createIndex' ? 'built' : 'dropped'} concurrently, which works only outside of a transaction, and the revision runs in one.`,
      safer: 'Set `transaction: false` in the revision, and leave nothing else in it.',
    }
  },
})
