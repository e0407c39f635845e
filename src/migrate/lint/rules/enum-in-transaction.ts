/** What the end of the transaction means for a value that is added to an enum. */
import { rule } from '../rule.ts'

export const enumInTransaction = rule({
  id: 'enum-in-transaction',
  dialect: 'postgres',
  looksAt: ['alterEnum'],
  check({ name }, { revision, trail }) {
    if (revision.transaction === false || trail.isNewEnum(name)) return undefined
    return {
      severity: 'notice',
      why: `The value that enum "${name}" gets can be used only when the transaction has ended; with \`--transaction all\` not even by the revisions after this one, and before PostgreSQL 12 it cannot be added in a transaction at all.`,
      safer: 'Add it in a revision of its own with `transaction: false`.',
    }
  },
})
