/** What is said in the words of the database is not read. */
import { rule } from '../rule.ts'

export const rawSql = rule({
  id: 'raw-sql',
  looksAt: ['execute'],
  check: () => ({
    severity: 'notice',
    why: 'The statement is run as it is; what it locks, changes or drops is not read.',
    safer: 'Use an operation where there is one; otherwise look at the statement yourself, for a large table too.',
  }),
})
