/** An index that is built while writers wait; behind a key, readers wait too. */
import { costSeverity, rule, sized } from '../rule.ts'

export const indexNotConcurrent = rule({
  id: 'index-not-concurrent',
  dialect: 'postgres',
  looksAt: ['createIndex', 'createUnique', 'createPrimaryKey', 'addColumn'],
  check(operation, { trail }) {
    const table = trail.table(operation.table)
    const severity = costSeverity(table)
    if (severity === undefined) return undefined
    if (operation.kind === 'createIndex') {
      if (operation.concurrently === true) return undefined
      return {
        severity,
        why: `While index "${operation.index.name}" is built, nobody can write ${sized(table)}.`,
        safer: 'Build it with `concurrently: true`, in a revision of its own with `transaction: false`.',
      }
    }
    const key = operation.kind === 'createPrimaryKey' ? operation.primaryKey : operation.unique
    if (key === undefined) return undefined
    return {
      severity,
      why: `While the index behind "${key.name}" is built, nobody can read or write ${sized(table)}.`,
      safer: 'Build a unique index with `concurrently: true` first, and make it the key with `alter table … add constraint … using index …`.',
    }
  },
})
