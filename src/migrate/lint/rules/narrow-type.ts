/** A type that cannot hold what the column may hold. */
import { rule } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'
import { narrowing } from '../type-narrowing.ts'

export const narrowType = rule({
  id: 'narrow-type',
  isLoss: true,
  looksAt: ['alterColumn'],
  async check({ table: name, column: columnName, change }, { dialect, trail, facts }) {
    if (change.type === undefined) return undefined
    const table = trail.table(name)
    const loss = narrowing(dialect, trail.column(name, columnName).type, change.type)
    if (loss === undefined || !isFilled(table)) return undefined
    // What `using` makes of a value, only the statement itself can tell.
    const misfits = change.using === undefined ? await facts.hasMisfits(name, columnName, change.type) : 'unknown'
    if (misfits === 'no') return undefined
    const safer = 'Add a column of the new type, fill it, look at what did not fit, and drop the old one in a later release; or say with `using` what becomes of each value.'
    if (misfits === 'yes' && !table.isTouched) return { severity: 'error', why: `Column "${name}"."${columnName}" holds values that do not fit its new type: ${loss}.`, safer }
    return { severity: 'warning', why: `Column "${name}"."${columnName}" would get a narrower type: ${loss}.`, safer }
  },
})
