/** A check that rows do not meet. */
import { rule } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const checkOverViolations = rule({
  id: 'check-over-violations',
  looksAt: ['createCheck'],
  async check({ table: name, check }, { trail, facts }) {
    const table = trail.table(name)
    if (!isFilled(table)) return undefined
    const violations = await facts.hasViolations(name, check.expression)
    if (violations === 'no') return undefined
    const safer = 'Put the rows right in an earlier step; `select … where not (…)` finds them.'
    if (violations === 'yes' && !table.isTouched) return { severity: 'error', why: `Rows of table "${name}" do not meet check "${check.name}", so it fails.`, safer }
    return { severity: violations === 'yes' ? 'notice' : 'warning', why: `Check "${check.name}" would fail if a row of table "${name}" does not meet it${violations === 'yes' ? ', unless the statements before have put that right' : '; only a database can tell'}.`, safer }
  },
})
