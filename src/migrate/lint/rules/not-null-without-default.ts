/** A column that must have a value, and none for the rows that are there. */
import { rule, sized } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const notNullWithoutDefault = rule({
  id: 'not-null-without-default',
  looksAt: ['addColumn'],
  async check({ table: name, column }, { trail, facts }) {
    const table = trail.table(name)
    if (column.nullable || column.default !== undefined || column.generated !== undefined || !isFilled(table)) return undefined
    if (!table.isTouched && (await facts.hasRows(name)) === 'no') return undefined
    return {
      severity: 'error',
      why: `The rows of ${sized(table)} have no value for column "${column.name}", which may not be null, so adding it fails.`,
      safer: 'Give it a default; or add it nullable, fill it, and set it not null in a later step.',
    }
  },
})
